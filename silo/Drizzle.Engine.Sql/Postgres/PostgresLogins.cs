using Drizzle.Contracts.Ports;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresLogins(PostgresDatabase database, TimeProvider clock) : ILogins
{
    public async ValueTask<bool> OpenAsync(Session session, AuditRecord audit, CancellationToken cancellation)
    {
        await database.RunAsync(c => c.ExecuteAsync("DELETE FROM drizzle.sessions WHERE expires_at <= $1", cancellation, Time(session.CreatedAt)), cancellation);
        return await PostgresAuditLog.ChangeAsync(
            database, clock,
            "u AS (UPDATE drizzle.users SET last_login_at = $11 WHERE scope = $9 AND name = $10 RETURNING 1),",
            "INSERT INTO drizzle.sessions (hash, scope, name, created_at, expires_at, last_used_at, stamp) SELECT $8, $9, $10, $11, $12, $13, $14 FROM u",
            audit, cancellation,
            Text(session.Hash), Text(session.Scope), Text(session.Name), Time(session.CreatedAt), Time(session.ExpiresAt), Time(session.LastUsedAt), Text(session.Stamp));
    }

    public ValueTask<LiveSession?> FindAsync(string hash, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync(
            "SELECT s.hash, s.scope, s.name, s.stamp, s.created_at, s.expires_at, s.last_used_at, u.role FROM drizzle.sessions s JOIN drizzle.users u USING (scope, name, stamp) WHERE s.hash = $1",
            r => new LiveSession(
                new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetFieldValue<DateTimeOffset>(4), r.GetFieldValue<DateTimeOffset>(5), r.GetFieldValue<DateTimeOffset>(6)),
                Enum.Parse<AccessRole>(r.GetString(7))),
            cancellation, Text(hash))).SingleOrDefault(),
        cancellation);

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("UPDATE drizzle.sessions SET last_used_at = $2 WHERE hash = $1", cancellation, Text(hash), Time(at)), cancellation);

    public async ValueTask CloseAsync(string hash, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("DELETE FROM drizzle.sessions WHERE hash = $1", cancellation, Text(hash)), cancellation);

    public async ValueTask<bool> TryAttemptAsync(string subject, string origin, DateTimeOffset at, DateTimeOffset since, AttemptLimits most, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync(
            "SELECT drizzle.try_attempt($1, $2, $3, $4, $5::int, $6::int, $7::int)", r => r.GetBoolean(0), cancellation,
            Text(subject), Text(origin), Time(at), Time(since), Number(most.ByBoth), Number(most.BySubject), Number(most.ByOrigin)),
        cancellation))[0];

    public async ValueTask ForgiveAsync(string subject, string origin, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("DELETE FROM drizzle.attempts WHERE subject = $1 AND origin = $2", cancellation, Text(subject), Text(origin)), cancellation);
}
