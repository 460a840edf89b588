using System.Net;
using System.Net.Sockets;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>How a login ended.</summary>
internal abstract record LoginResult
{
    public sealed record Opened(BrowserSession Session, User User, DateTimeOffset ExpiresAt) : LoginResult;

    /// <summary>No such user, or another password: which of the two is nobody's to know.</summary>
    public sealed record Refused : LoginResult;

    /// <summary>Too many were refused lately.</summary>
    public sealed record Throttled(TimeSpan RetryAfter) : LoginResult;
}

/// <summary>
/// Lets users in. Guessing is throttled by counts that all admin processes share: of a user from one origin, of a user from anywhere, and of an
/// origin whoever it tries to be. A throttled attempt is not even judged, so the right password does not help then.
/// </summary>
internal sealed class LoginDesk(IUsers users, ILogins logins, Passwords passwords, TimeProvider clock)
{
    public static readonly TimeSpan SessionLasts = TimeSpan.FromHours(12);

    /// <summary>A session that is not used for so long has ended.</summary>
    public static readonly TimeSpan SessionIdles = TimeSpan.FromHours(2);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly LoginFailures Most = new(ByBoth: 5, ByUser: 50, ByOrigin: 20);

    public async Task<LoginResult> LoginAsync(string scope, string name, string password, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        // What no user can be called is not written down as somebody's.
        if (Names.UserNameError(name) is not null || (scope.Length > 0 && Names.SlugError(scope) is not null)) (scope, name) = ("", "?");
        var (subject, origin) = ($"{scope}/{name}", OriginOf(context));
        if (await IsThrottledAsync(subject, origin, cancellation)) return new LoginResult.Throttled(Window);
        var user = await users.FindAsync(scope, name, cancellation);
        if (!await passwords.IsRightAsync(user?.PasswordHash, password, cancellation) || user is null)
        {
            await RefusedAsync(subject, origin, new(scope, Caller.ActorOf(scope, Caller.UserActor(name)), Caller.AddressOf(context), AuditActions.LoginRefused, name), cancellation);
            return new LoginResult.Refused();
        }
        await logins.ForgiveAsync(subject, origin, cancellation);
        return await OpenAsync(user, context);
    }

    /// <summary>Lets in who has just shown who it is.</summary>
    public async Task<LoginResult> OpenAsync(User user, HttpContext context)
    {
        var now = clock.GetUtcNow();
        var session = BrowserSession.New();
        var kept = new Session(session.Hash, user.Scope, user.Name, now, now + SessionLasts, now);
        var audit = new AuditRecord(user.Scope, Caller.ActorOf(user.Scope, Caller.UserActor(user.Name)), Caller.AddressOf(context), AuditActions.Login, user.Name);
        if (!await logins.OpenAsync(kept, audit, context.RequestAborted)) return new LoginResult.Refused();
        return new LoginResult.Opened(session, user, kept.ExpiresAt);
    }

    /// <summary>Whether a user knows the password that it has now; throttled as a login is.</summary>
    public async Task<LoginResult?> ConfirmAsync(string scope, string name, string password, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var (subject, origin) = ($"{scope}/{name}", OriginOf(context));
        if (await IsThrottledAsync(subject, origin, cancellation)) return new LoginResult.Throttled(Window);
        var user = await users.FindAsync(scope, name, cancellation);
        if (await passwords.IsRightAsync(user?.PasswordHash, password, cancellation)) return null;
        await RefusedAsync(subject, origin, new(scope, Caller.Of(context).Actor, Caller.AddressOf(context), AuditActions.LoginRefused, name, "The present password was wrong."), cancellation);
        return new LoginResult.Refused();
    }

    /// <summary>Counts what anybody may do, such as registering, by where it comes from.</summary>
    /// <returns>Whether it is too much.</returns>
    public async Task<bool> IsTooOftenAsync(AuditRecord audit, HttpContext context)
    {
        var (subject, origin) = ($"{audit.Action}", OriginOf(context));
        if (await IsThrottledAsync(subject, origin, context.RequestAborted)) return true;
        await RefusedAsync(subject, origin, audit, context.RequestAborted);
        return false;
    }

    private async Task<bool> IsThrottledAsync(string subject, string origin, CancellationToken cancellation)
    {
        var failures = await logins.FailuresAsync(subject, origin, clock.GetUtcNow() - Window, cancellation);
        return failures.ByBoth >= Most.ByBoth || failures.ByUser >= Most.ByUser || failures.ByOrigin >= Most.ByOrigin;
    }

    private async Task RefusedAsync(string subject, string origin, AuditRecord audit, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        await logins.FailedAsync(subject, origin, now, now - Window, audit, cancellation);
    }

    /// <summary>Of IPv6 the network, since one machine has as many addresses as it likes.</summary>
    private static string OriginOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
