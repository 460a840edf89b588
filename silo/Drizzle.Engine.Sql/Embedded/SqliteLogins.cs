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
                "INSERT INTO sessions (hash, scope, name, created_at, expires_at, last_used_at) VALUES (@hash, @scope, @name, @created, @expires, @used)", t,
                ("@hash", session.Hash), ("@scope", session.Scope), ("@name", session.Name), ("@created", session.CreatedAt.ToText()), ("@expires", session.ExpiresAt.ToText()), ("@used", session.LastUsedAt.ToText()));
            return SqliteAuditLog.Add(c, t, clock, audit);
        },
        cancellation);

    public ValueTask<LiveSession?> FindAsync(string hash, CancellationToken cancellation) => new(database.Read(c => c.Query(
        "SELECT s.hash, s.scope, s.name, s.created_at, s.expires_at, s.last_used_at, u.role FROM sessions s JOIN users u USING (scope, name) WHERE s.hash = @hash",
        r => new LiveSession(new(r.GetString(0), r.GetString(1), r.GetString(2), r.Time(3), r.Time(4), r.Time(5)), Enum.Parse<AccessRole>(r.GetString(6))), null, ("@hash", hash)).SingleOrDefault()));

    public async ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("UPDATE sessions SET last_used_at = @at WHERE hash = @hash", t, ("@hash", hash), ("@at", at.ToText())), cancellation);

    public async ValueTask CloseAsync(string hash, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("DELETE FROM sessions WHERE hash = @hash", t, ("@hash", hash)), cancellation);

    public ValueTask<LoginFailures> FailuresAsync(string subject, string origin, DateTimeOffset since, CancellationToken cancellation) => new(database.Read(c => c.Query(
        """
        SELECT count(*) FILTER (WHERE subject = @subject AND origin = @origin), count(*) FILTER (WHERE subject = @subject), count(*) FILTER (WHERE origin = @origin)
        FROM login_failures WHERE at > @since
        """,
        r => new LoginFailures(r.GetInt32(0), r.GetInt32(1), r.GetInt32(2)), null, ("@subject", subject), ("@origin", origin), ("@since", since.ToText())).Single()));

    public async ValueTask FailedAsync(string subject, string origin, DateTimeOffset at, DateTimeOffset forgetBefore, AuditRecord audit, CancellationToken cancellation) => await database.WriteAsync(
        (c, t) =>
        {
            c.Execute("DELETE FROM login_failures WHERE at < @before", t, ("@before", forgetBefore.ToText()));
            c.Execute("INSERT INTO login_failures (subject, origin, at) VALUES (@subject, @origin, @at)", t, ("@subject", subject), ("@origin", origin), ("@at", at.ToText()));
            return SqliteAuditLog.Add(c, t, clock, audit);
        },
        cancellation);

    public async ValueTask ForgiveAsync(string subject, string origin, CancellationToken cancellation) => await database.WriteAsync(
        (c, t) => c.Execute("DELETE FROM login_failures WHERE subject = @subject AND origin = @origin", t, ("@subject", subject), ("@origin", origin)), cancellation);
}
