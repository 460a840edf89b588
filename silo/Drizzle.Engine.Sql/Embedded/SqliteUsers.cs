using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteUsers(SqliteDatabase database, TimeProvider clock) : IUsers
{
    private const string Columns = "scope, name, role, password_hash, stamp, created_at, last_login_at";

    public ValueTask<User?> FindAsync(string scope, string name, CancellationToken cancellation) =>
        new(database.Read(c => c.Query($"SELECT {Columns} FROM users WHERE scope = @scope AND name = @name", Read, null, ("@scope", scope), ("@name", name)).SingleOrDefault()));

    public ValueTask<IReadOnlyList<User>> ListAsync(string scope, CancellationToken cancellation) =>
        new(database.Read(c => c.Query($"SELECT {Columns} FROM users WHERE scope = @scope ORDER BY name", Read, null, ("@scope", scope))));

    public ValueTask<bool> AddAsync(User user, ChangeAuthor author, CancellationToken cancellation) => ChangeAsync(
        """
        INSERT INTO users (scope, name, role, password_hash, stamp, created_at) SELECT @scope, @name, @role, @hash, @stamp, @created
        WHERE @scope = '' OR EXISTS (SELECT 1 FROM documents WHERE scope = @scope AND body IS NOT NULL) ON CONFLICT DO NOTHING
        """,
        AuditActions.UserCreated, user.Scope, user.Name, author, cancellation, ("@role", user.Role.ToString()), ("@hash", user.PasswordHash), ("@stamp", user.Stamp), ("@created", user.CreatedAt.ToText()));

    public ValueTask<bool> ChangeRoleAsync(string scope, string name, AccessRole role, ChangeAuthor author, CancellationToken cancellation) => ChangeAsync(
        "UPDATE users SET role = @role WHERE scope = @scope AND name = @name", AuditActions.UserRoleChanged, scope, name, author, cancellation, ("@role", role.ToString()));

    public ValueTask<bool> ChangePasswordAsync(string scope, string name, string passwordHash, ChangeAuthor author, CancellationToken cancellation) => database.WriteAsync(
        (c, t) =>
        {
            c.Execute("DELETE FROM sessions WHERE scope = @scope AND name = @name", t, ("@scope", scope), ("@name", name));
            return Change(
                c, t, "UPDATE users SET password_hash = @hash, stamp = @stamp WHERE scope = @scope AND name = @name", AuditActions.UserPasswordChanged, scope, name, author,
                ("@hash", passwordHash), ("@stamp", User.NewStamp()));
        },
        cancellation);

    public ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation) =>
        ChangeAsync("DELETE FROM users WHERE scope = @scope AND name = @name", AuditActions.UserDeleted, scope, name, author, cancellation);

    private ValueTask<bool> ChangeAsync(string sql, string action, string scope, string name, ChangeAuthor author, CancellationToken cancellation, params SqlValue[] values) =>
        database.WriteAsync((c, t) => Change(c, t, sql, action, scope, name, author, values), cancellation);

    private bool Change(SqliteConnection connection, SqliteTransaction transaction, string sql, string action, string scope, string name, ChangeAuthor author, params ReadOnlySpan<SqlValue> values) =>
        connection.Execute(sql, transaction, [("@scope", scope), ("@name", name), .. values]) == 1
        && SqliteAuditLog.Add(connection, transaction, clock, new(scope, author.Actor, author.Address, action, name, author.Reason));

    private static User Read(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), Enum.Parse<AccessRole>(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.Time(5), reader.TimeOrNull(6));
}
