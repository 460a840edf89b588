using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresUsers(PostgresDatabase database, TimeProvider clock) : IUsers
{
    private const string Columns = "scope, name, role, password_hash, stamp, created_at, last_login_at";

    public ValueTask<User?> FindAsync(string scope, string name, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync($"SELECT {Columns} FROM drizzle.users WHERE scope = $1 AND name = $2", Read, cancellation, Text(scope), Text(name))).SingleOrDefault(), cancellation);

    public async ValueTask<IReadOnlyList<User>> ListAsync(string scope, CancellationToken cancellation) =>
        await database.ReadAsync(c => c.QueryAsync($"SELECT {Columns} FROM drizzle.users WHERE scope = $1 ORDER BY name", Read, cancellation, Text(scope)), cancellation);

    public ValueTask<bool> AddAsync(User user, ChangeAuthor author, CancellationToken cancellation) => ChangeAsync(
        "INSERT INTO drizzle.users (scope, name, role, password_hash, stamp, created_at) SELECT $8, $9, $10, $11, $12, $13 WHERE drizzle.hold_scope($8) ON CONFLICT DO NOTHING",
        AuditActions.UserCreated, user.Scope, user.Name, author, cancellation, Text(user.Role.ToString()), Text(user.PasswordHash), Text(user.Stamp), Time(user.CreatedAt));

    public ValueTask<bool> ChangeRoleAsync(string scope, string name, AccessRole role, ChangeAuthor author, CancellationToken cancellation) => ChangeAsync(
        "UPDATE drizzle.users SET role = $10 WHERE scope = $8 AND name = $9", AuditActions.UserRoleChanged, scope, name, author, cancellation, Text(role.ToString()));

    public ValueTask<bool> ChangePasswordAsync(string scope, string name, string passwordHash, ChangeAuthor author, CancellationToken cancellation) => PostgresAuditLog.ChangeAsync(
        database, clock, "ended AS (DELETE FROM drizzle.sessions WHERE scope = $8 AND name = $9),", "UPDATE drizzle.users SET password_hash = $10, stamp = $11 WHERE scope = $8 AND name = $9",
        new(scope, author.Actor, author.Address, AuditActions.UserPasswordChanged, name, author.Reason), cancellation, Text(scope), Text(name), Text(passwordHash), Text(User.NewStamp()));

    public ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation) =>
        ChangeAsync("DELETE FROM drizzle.users WHERE scope = $8 AND name = $9", AuditActions.UserDeleted, scope, name, author, cancellation);

    private ValueTask<bool> ChangeAsync(string change, string action, string scope, string name, ChangeAuthor author, CancellationToken cancellation, params NpgsqlParameter[] more) =>
        PostgresAuditLog.ChangeAsync(database, clock, "", change, new(scope, author.Actor, author.Address, action, name, author.Reason), cancellation, [Text(scope), Text(name), .. more]);

    private static User Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), Enum.Parse<AccessRole>(reader.GetString(2)), reader.GetString(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.TimeOrNull(6));
}
