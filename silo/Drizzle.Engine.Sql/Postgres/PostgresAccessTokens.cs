using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresAccessTokens(PostgresDatabase database) : IAccessTokens
{
    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync("SELECT name, hash, created_at FROM drizzle.tokens WHERE hash = $1", Read, cancellation, Text(hash))).SingleOrDefault(), cancellation);

    public async ValueTask<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancellation) =>
        await database.ReadAsync(c => c.QueryAsync("SELECT name, hash, created_at FROM drizzle.tokens ORDER BY name", Read, cancellation), cancellation);

    public ValueTask<bool> AddAsync(AccessToken token, CancellationToken cancellation) => database.RunAsync(
        async c => await c.ExecuteAsync(
            "INSERT INTO drizzle.tokens (name, hash, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", cancellation,
            Text(token.Name), Text(token.Hash), Time(token.CreatedAt)) == 1,
        cancellation);

    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation) =>
        database.RunAsync(async c => await c.ExecuteAsync("DELETE FROM drizzle.tokens WHERE name = $1", cancellation, Text(name)) == 1, cancellation);

    private static AccessToken Read(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2));
}
