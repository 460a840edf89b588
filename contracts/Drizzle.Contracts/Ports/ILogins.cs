namespace Drizzle.Contracts.Ports;

/// <summary>A login that lasts.</summary>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the secret that the browser keeps.</param>
/// <param name="Scope">Of the user.</param>
/// <param name="Name">Of the user.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record Session(string Hash, string Scope, string Name, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset LastUsedAt);

/// <param name="Role">The user's as it is now.</param>
public sealed record LiveSession(Session Session, AccessRole Role);

/// <summary>How often a login was refused lately.</summary>
/// <param name="ByBoth">Of this user from this origin.</param>
/// <param name="ByUser">Of this user from anywhere.</param>
/// <param name="ByOrigin">Of anyone from this origin.</param>
public readonly record struct LoginFailures(int ByBoth, int ByUser, int ByOrigin);

/// <summary>Sessions, and the count of refused logins that throttles guessing on all admin processes together.</summary>
public interface ILogins
{
    /// <summary>Also notes the login, and forgets sessions that have ended.</summary>
    /// <returns>False where there is no such user any more.</returns>
    ValueTask<bool> OpenAsync(Session session, AuditRecord audit, CancellationToken cancellation);

    /// <returns>The session, whether or not it has ended; null where there is none, or its user is gone.</returns>
    ValueTask<LiveSession?> FindAsync(string hash, CancellationToken cancellation);

    ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation);

    ValueTask CloseAsync(string hash, CancellationToken cancellation);

    /// <param name="subject">The user, whether there is one or not.</param>
    /// <param name="origin">Where the attempt came from.</param>
    /// <param name="since">Earlier ones are not counted.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask<LoginFailures> FailuresAsync(string subject, string origin, DateTimeOffset since, CancellationToken cancellation);

    /// <summary>Counts a failure, audits it, and forgets those before a time.</summary>
    ValueTask FailedAsync(string subject, string origin, DateTimeOffset at, DateTimeOffset forgetBefore, AuditRecord audit, CancellationToken cancellation);

    /// <summary>A login succeeded: the failures of this user from this origin count no more.</summary>
    ValueTask ForgiveAsync(string subject, string origin, CancellationToken cancellation);
}
