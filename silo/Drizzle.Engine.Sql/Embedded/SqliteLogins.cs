using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteLogins(SqliteDatabase database, TimeProvider clock) : ILogins
{
    public ValueTask<bool> OpenAsync(Session session, AuditRecord audit, CancellationToken cancellation) => database.WriteAsync(
        (c, t) =>
        {
            c.Execute("DELETE FROM sessions WHERE expires_at <= @now", t, ("@now", session.CreatedAt.ToText()));
            if (c.Execute("UPDATE users SET last_login_at = @now WHERE scope = @scope AND name = @name", t, ("@now", session.CreatedAt.ToText()), ("@scope", session.Scope), ("@name", session.Name)) == 0) return false;
            c.Execute(
                "INSERT INTO sessions (hash, scope, name, stamp, created_at, expires_at, last_used_at) VALUES (@hash, @scope, @name, @stamp, @created, @expires, @used)", t,
                ("@hash", session.Hash), ("@scope", session.Scope), ("@name", session.Name), ("@stamp", session.Stamp), ("@created", session.CreatedAt.ToText()), ("@expires", session.ExpiresAt.ToText()), ("@used", session.LastUsedAt.ToText()));
            return SqliteAuditLog.Add(c, t, clock, audit);
        },
        cancellation);

    public ValueTask<LiveSession?> FindAsync(string hash, CancellationToken cancellation) => new(database.Read(c => c.Query(
        "SELECT s.hash, s.scope, s.name, s.stamp, s.created_at, s.expires_at, s.last_used_at, u.role FROM sessions s JOIN users u USING (scope, name, stamp) WHERE s.hash = @hash",
        r => new LiveSession(new(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.Time(4), r.Time(5), r.Time(6)), Enum.Parse<AccessRole>(r.GetString(7))), null, ("@hash", hash)).SingleOrDefault()));

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("UPDATE sessions SET last_used_at = @at WHERE hash = @hash", t, ("@hash", hash), ("@at", at.ToText())), cancellation);

    public async ValueTask CloseAsync(string hash, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("DELETE FROM sessions WHERE hash = @hash", t, ("@hash", hash)), cancellation);

    public ValueTask<bool> TryAttemptAsync(string subject, string origin, DateTimeOffset at, DateTimeOffset since, AttemptLimits most, CancellationToken cancellation) => database.WriteAsync(
        (c, t) =>
        {
            c.Execute("DELETE FROM attempts WHERE at <= @since", t, ("@since", since.ToText()));
            return c.Execute(
                """
                INSERT INTO attempts (subject, origin, at) SELECT @subject, @origin, @at FROM (
                  SELECT count(*) FILTER (WHERE subject = @subject AND origin = @origin) AS both, count(*) FILTER (WHERE subject = @subject) AS subjects, count(*) FILTER (WHERE origin = @origin) AS origins
                  FROM attempts)
                WHERE both < @both AND subjects < @subjects AND origins < @origins
                """, t,
                ("@subject", subject), ("@origin", origin), ("@at", at.ToText()), ("@both", most.ByBoth), ("@subjects", most.BySubject), ("@origins", most.ByOrigin)) == 1;
        },
        cancellation);

    public async ValueTask ForgiveAsync(string subject, string origin, CancellationToken cancellation) => await database.WriteAsync(
        (c, t) => c.Execute("DELETE FROM attempts WHERE subject = @subject AND origin = @origin", t, ("@subject", subject), ("@origin", origin)), cancellation);
}
