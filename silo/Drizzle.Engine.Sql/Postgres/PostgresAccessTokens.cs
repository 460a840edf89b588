using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresAccessTokens(PostgresDatabase database) : IAccessTokens
{
    private const string Columns = "scope, name, hash, role, created_at, expires_at, last_used_at";

    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync($"SELECT {Columns} FROM drizzle.tokens WHERE hash = $1", Read, cancellation, Text(hash))).SingleOrDefault(), cancellation);

    public async ValueTask<IReadOnlyList<AccessToken>> ListAsync(string scope, CancellationToken cancellation) =>
        await database.ReadAsync(c => c.QueryAsync($"SELECT {Columns} FROM drizzle.tokens WHERE scope = $1 ORDER BY name", Read, cancellation, Text(scope)), cancellation);

    public ValueTask<bool> AddAsync(AccessToken token, CancellationToken cancellation) => database.RunAsync(
        async c => (await c.QueryAsync(
            "SELECT drizzle.add_token($1, $2, $3, $4, $5, $6)", r => r.GetBoolean(0), cancellation,
            Text(token.Scope), Text(token.Name), Text(token.Hash), Text(token.Role.ToString()), Time(token.CreatedAt), Time(token.ExpiresAt))).Single(),
        cancellation);

    public ValueTask<bool> DeleteAsync(string scope, string name, CancellationToken cancellation) => database.RunAsync(
        async c => await c.ExecuteAsync("DELETE FROM drizzle.tokens WHERE scope = $1 AND name = $2", cancellation, Text(scope), Text(name)) == 1, cancellation);

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("UPDATE drizzle.tokens SET last_used_at = $2 WHERE hash = $1", cancellation, Text(hash), Time(at)), cancellation);

    private static AccessToken Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), Enum.Parse<AccessRole>(reader.GetString(3)),
        reader.GetFieldValue<DateTimeOffset>(4), reader.TimeOrNull(5), reader.TimeOrNull(6));
}
