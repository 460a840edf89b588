using System.Globalization;
using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteAccessTokens(SqliteDatabase database) : IAccessTokens
{
    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) =>
        new(database.Read(c => c.Query("SELECT name, hash, created_at FROM tokens WHERE hash = @hash", Read, null, ("@hash", hash)).SingleOrDefault()));

    public ValueTask<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancellation) =>
        new(database.Read(c => c.Query("SELECT name, hash, created_at FROM tokens ORDER BY name", Read, null)));

    public ValueTask<bool> AddAsync(AccessToken token, CancellationToken cancellation) => database.WriteAsync(
        (c, t) => c.Execute(
            "INSERT INTO tokens (name, hash, created_at) VALUES (@name, @hash, @at) ON CONFLICT DO NOTHING", t,
            ("@name", token.Name), ("@hash", token.Hash), ("@at", token.CreatedAt.ToString("O", CultureInfo.InvariantCulture))) == 1,
        cancellation);

    public ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation) =>
        database.WriteAsync((c, t) => c.Execute("DELETE FROM tokens WHERE name = @name", t, ("@name", name)) == 1, cancellation);

    private static AccessToken Read(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), DateTimeOffset.Parse(reader.GetString(2), CultureInfo.InvariantCulture));
}
