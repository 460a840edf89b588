using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteAccessTokens(SqliteDatabase database, TimeProvider clock) : IAccessTokens
{
    private const string Columns = "scope, name, hash, role, created_at, expires_at, last_used_at";

    public ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation) =>
        new(database.Read(c => c.Query($"SELECT {Columns} FROM tokens WHERE hash = @hash", Read, null, ("@hash", hash)).SingleOrDefault()));

    public ValueTask<IReadOnlyList<AccessToken>> ListAsync(string scope, CancellationToken cancellation) =>
        new(database.Read(c => c.Query($"SELECT {Columns} FROM tokens WHERE scope = @scope ORDER BY name", Read, null, ("@scope", scope))));

    public ValueTask<bool> AddAsync(AccessToken token, ChangeAuthor author, CancellationToken cancellation) => database.WriteAsync(
        (c, t) => c.Execute(
            """
            INSERT INTO tokens (scope, name, hash, role, created_at, expires_at) SELECT @scope, @name, @hash, @role, @created, @expires
            WHERE @scope = '' OR EXISTS (SELECT 1 FROM documents WHERE scope = @scope AND body IS NOT NULL) ON CONFLICT DO NOTHING
            """, t,
            ("@scope", token.Scope), ("@name", token.Name), ("@hash", token.Hash), ("@role", token.Role.ToString()),
            ("@created", token.CreatedAt.ToText()), ("@expires", token.ExpiresAt?.ToText())) == 1
            && SqliteAuditLog.Add(c, t, clock, new(token.Scope, author.Actor, author.Address, AuditActions.TokenCreated, token.Name, author.Reason)),
        cancellation);

    public ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation) => database.WriteAsync(
        (c, t) => c.Execute("DELETE FROM tokens WHERE scope = @scope AND name = @name", t, ("@scope", scope), ("@name", name)) == 1
            && SqliteAuditLog.Add(c, t, clock, new(scope, author.Actor, author.Address, AuditActions.TokenDeleted, name, author.Reason)),
        cancellation);

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("UPDATE tokens SET last_used_at = @at WHERE hash = @hash", t, ("@hash", hash), ("@at", at.ToText())), cancellation);

    private static AccessToken Read(SqliteDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), Enum.Parse<AccessRole>(reader.GetString(3)), reader.Time(4), reader.TimeOrNull(5), reader.TimeOrNull(6));
}
