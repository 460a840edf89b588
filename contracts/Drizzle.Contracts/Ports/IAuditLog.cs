namespace Drizzle.Contracts.Ports;

/// <summary>What is done, as the audit names it.</summary>
public static class AuditActions
{
    public const string TenantCreated = "tenant.created";
    public const string TenantChanged = "tenant.changed";
    public const string TenantDeleted = "tenant.deleted";
    public const string PlatformChanged = "platform.changed";
    public const string TokenCreated = "token.created";
    public const string TokenDeleted = "token.deleted";
    public const string UserCreated = "user.created";
    public const string UserRoleChanged = "user.roleChanged";
    public const string UserPasswordChanged = "user.passwordChanged";
    public const string UserDeleted = "user.deleted";
    public const string Login = "login";
    public const string LoginRefused = "login.refused";
    public const string RegistrationTried = "registration.tried";
    public const string EdgeForgotten = "edge.forgotten";
    public const string LimitReset = "limit.reset";
    public const string LimitGranted = "limit.granted";
}

/// <summary>Something that was done or refused.</summary>
/// <param name="Scope">The tenant; empty for the platform.</param>
/// <param name="Action">One of <see cref="AuditActions"/>.</param>
/// <param name="Subject">What it was done to, such as a token's name.</param>
public sealed record AuditRecord(string Scope, string Actor, string? Address, string Action, string? Subject = null, string? Reason = null);

/// <param name="Id">Greater than of those before it.</param>
/// <param name="Revision">Where configuration was written, as which revision.</param>
public sealed record AuditEntry(long Id, DateTimeOffset At, AuditRecord Record, long? Revision);

/// <summary>Which entries are wanted; what is null is not asked for.</summary>
/// <param name="Scope">A tenant's slug, empty for the platform, null for all.</param>
/// <param name="OfThisTenantAlone">Leaves out what was done to an earlier tenant of the same slug.</param>
/// <param name="Before">Only entries with a lower id.</param>
/// <param name="Most">How many at most, newest first.</param>
public sealed record AuditQuery(string? Scope, bool OfThisTenantAlone, string? Action, string? Actor, long Before, int Most);

/// <summary>Who did what, when and from where. It is only ever added to, mostly by the ports that do what is audited.</summary>
public interface IAuditLog
{
    ValueTask WriteAsync(AuditRecord record, CancellationToken cancellation);

    ValueTask<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation);
}
