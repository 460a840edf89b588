using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresAccessTokens(PostgresDatabase database, TimeProvider clock) : IAccessTokens
{
    private const string Columns = "scope, name, hash, role, created_at, expires_at, last_used_at";

    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync($"SELECT {Columns} FROM drizzle.tokens WHERE hash = $1", Read, cancellation, Text(hash))).SingleOrDefault(), cancellation);

    public async ValueTask<IReadOnlyList<AccessToken>> ListAsync(string scope, CancellationToken cancellation) =>
        await database.ReadAsync(c => c.QueryAsync($"SELECT {Columns} FROM drizzle.tokens WHERE scope = $1 ORDER BY name", Read, cancellation, Text(scope)), cancellation);

    public ValueTask<bool> AddAsync(AccessToken token, ChangeAuthor author, CancellationToken cancellation) => PostgresAuditLog.ChangeAsync(
        database, clock, "",
        "INSERT INTO drizzle.tokens (scope, name, hash, role, created_at, expires_at) SELECT $8, $9, $10, $11, $12, $13 WHERE drizzle.hold_scope($8) ON CONFLICT DO NOTHING",
        new(token.Scope, author.Actor, author.Address, AuditActions.TokenCreated, token.Name, author.Reason), cancellation,
        Text(token.Scope), Text(token.Name), Text(token.Hash), Text(token.Role.ToString()), Time(token.CreatedAt), Time(token.ExpiresAt));

    public ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation) => PostgresAuditLog.ChangeAsync(
        database, clock, "", "DELETE FROM drizzle.tokens WHERE scope = $8 AND name = $9",
        new(scope, author.Actor, author.Address, AuditActions.TokenDeleted, name, author.Reason), cancellation, Text(scope), Text(name));

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("UPDATE drizzle.tokens SET last_used_at = $2 WHERE hash = $1", cancellation, Text(hash), Time(at)), cancellation);

    private static AccessToken Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), Enum.Parse<AccessRole>(reader.GetString(3)),
        reader.GetFieldValue<DateTimeOffset>(4), reader.TimeOrNull(5), reader.TimeOrNull(6));
}
