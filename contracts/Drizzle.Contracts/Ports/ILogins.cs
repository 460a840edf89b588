namespace Drizzle.Contracts.Ports;

/// <summary>A login that lasts.</summary>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the secret that the browser keeps.</param>
/// <param name="Scope">Of the user.</param>
/// <param name="Name">Of the user.</param>
/// <param name="Stamp">The user's when it was opened.</param>
/// <param name="LastUsedAt">To the minute.</param>
public sealed record Session(string Hash, string Scope, string Name, string Stamp, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset LastUsedAt);

/// <param name="Role">The user's as it is now.</param>
public sealed record LiveSession(Session Session, AccessRole Role);

/// <summary>How many attempts are let through in a while.</summary>
/// <param name="ByBoth">Of this subject from this origin.</param>
/// <param name="BySubject">Of this subject from anywhere.</param>
/// <param name="ByOrigin">Of any subject from this origin.</param>
public readonly record struct AttemptLimits(int ByBoth, int BySubject, int ByOrigin);

/// <summary>Sessions, and the count of attempts that throttles guessing on all admin processes together.</summary>
public interface ILogins
{
    /// <summary>Also notes the login, and forgets sessions that have ended.</summary>
    /// <returns>False where there is no such user any more.</returns>
    ValueTask<bool> OpenAsync(Session session, AuditRecord audit, CancellationToken cancellation);

    /// <returns>The session, whether or not it has ended; null where there is none, or its user is gone or has another password.</returns>
    ValueTask<LiveSession?> FindAsync(string hash, CancellationToken cancellation);

    ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation);

    ValueTask CloseAsync(string hash, CancellationToken cancellation);

    /// <summary>Counts an attempt before it is judged, unless too many were counted already; so many at once are no more than so many in turn.</summary>
    /// <param name="subject">What is tried, such as a user, whether there is one or not.</param>
    /// <param name="origin">Where the attempt comes from.</param>
    /// <param name="at">Now.</param>
    /// <param name="since">Earlier ones count no more, and are forgotten.</param>
    /// <param name="most">How many there may be.</param>
    /// <param name="cancellation">Ends the wait; the attempt may have been counted.</param>
    /// <returns>False where there were too many; nothing is counted then.</returns>
    ValueTask<bool> TryAttemptAsync(string subject, string origin, DateTimeOffset at, DateTimeOffset since, AttemptLimits most, CancellationToken cancellation);

    /// <summary>It succeeded: the attempts at this subject from this origin count no more.</summary>
    ValueTask ForgiveAsync(string subject, string origin, CancellationToken cancellation);
}
