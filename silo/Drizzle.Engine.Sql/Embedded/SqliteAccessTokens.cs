using System.Globalization;
using Dapper;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteAccessTokens(SqliteDatabase database) : IAccessTokens
{
    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) =>
        new(database.Read(c => c.QuerySingleOrDefault<Row>("SELECT name, hash, created_at FROM tokens WHERE hash = @hash", new { hash }))?.ToToken());

    public ValueTask<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancellation) =>
        new(database.Read(c => c.Query<Row>("SELECT name, hash, created_at FROM tokens ORDER BY name").Select(r => r.ToToken()).ToList()));

    public ValueTask<bool> AddAsync(AccessToken token, CancellationToken cancellation) => database.WriteAsync(
        (c, t) => c.Execute(
            "INSERT INTO tokens (name, hash, created_at) VALUES (@Name, @Hash, @at) ON CONFLICT DO NOTHING",
            new { token.Name, token.Hash, at = token.CreatedAt.ToString("O", CultureInfo.InvariantCulture) }, t) == 1,
        cancellation);

    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation) =>
        database.WriteAsync((c, t) => c.Execute("DELETE FROM tokens WHERE name = @name", new { name }, t) == 1, cancellation);

    private sealed record Row(string Name, string Hash, string Created_At)
    {
        public AccessToken ToToken() => new(Name, Hash, DateTimeOffset.Parse(Created_At, CultureInfo.InvariantCulture));
    }
}
