using System.Net;
using System.Net.Sockets;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>How a login ended.</summary>
internal abstract record LoginResult
{
    /// <summary>The password is this user's; nothing is opened yet.</summary>
    public sealed record Recognized(User User) : LoginResult;

    public sealed record Opened(BrowserSession Session, User User, DateTimeOffset ExpiresAt) : LoginResult;

    /// <summary>No such user, or another password: which of the two is nobody's to know.</summary>
    public sealed record Refused : LoginResult;

    /// <summary>Too many were refused lately.</summary>
    public sealed record Throttled(TimeSpan RetryAfter) : LoginResult;
}

/// <summary>
/// Lets users in. Guessing is throttled by counts that all admin processes share: of a user from one origin, of a user from anywhere, and of an
/// origin whoever it tries to be. An attempt is counted before it is judged, and forgiven when it succeeds; a throttled one is not judged at all, so the
/// right password does not help then.
/// </summary>
internal sealed class LoginDesk(IUsers users, ILogins logins, IAuditLog audits, Passwords passwords, TimeProvider clock)
{
    public static readonly TimeSpan SessionLasts = TimeSpan.FromHours(12);

    /// <summary>A session that is not used for so long has ended.</summary>
    public static readonly TimeSpan SessionIdles = TimeSpan.FromHours(2);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly AttemptLimits Most = new(ByBoth: 5, BySubject: 50, ByOrigin: 20);

    public async Task<LoginResult> LoginAsync(string scope, string name, string password, HttpContext context)
    {
        // What no user can be called is not written down as somebody's.
        if (Names.UserNameError(name) is not null || (scope.Length > 0 && Names.SlugError(scope) is not null)) (scope, name) = ("", "?");
        var refused = new AuditRecord(scope, Caller.ActorOf(scope, Caller.UserActor(name)), Caller.AddressOf(context), AuditActions.LoginRefused, name);
        var result = await JudgeAsync(password, refused, context);
        return result is LoginResult.Recognized recognized ? await OpenAsync(recognized.User, context) : result;
    }

    /// <summary>Lets in who has just shown who it is.</summary>
    public async Task<LoginResult> OpenAsync(User user, HttpContext context)
    {
        var now = clock.GetUtcNow();
        var session = BrowserSession.New();
        var kept = new Session(session.Hash, user.Scope, user.Name, user.Stamp, now, now + SessionLasts, now);
        var audit = new AuditRecord(user.Scope, Caller.ActorOf(user.Scope, Caller.UserActor(user.Name)), Caller.AddressOf(context), AuditActions.Login, user.Name);
        if (!await logins.OpenAsync(kept, audit, context.RequestAborted)) return new LoginResult.Refused();
        return new LoginResult.Opened(session, user, kept.ExpiresAt);
    }

    /// <summary>Whether a user knows the password that it has now; throttled as a login is.</summary>
    /// <returns>Null where it does.</returns>
    public async Task<LoginResult?> ConfirmAsync(string scope, string name, string password, HttpContext context)
    {
        var refused = new AuditRecord(scope, Caller.Of(context).Actor, Caller.AddressOf(context), AuditActions.LoginRefused, name, "The present password was wrong.");
        var result = await JudgeAsync(password, refused, context);
        return result is LoginResult.Recognized ? null : result;
    }

    /// <summary>Counts what anybody may do, such as registering, by where it comes from.</summary>
    /// <returns>Whether it is too much.</returns>
    public async Task<bool> IsTooOftenAsync(AuditRecord audit, HttpContext context)
    {
        if (!await TryAttemptAsync(audit.Action, OriginOf(context), context.RequestAborted)) return true;
        await audits.WriteAsync(audit, context.RequestAborted);
        return false;
    }

    /// <param name="refused">What is audited where the password is wrong; it names the user, whether there is one or not.</param>
    private async Task<LoginResult> JudgeAsync(string password, AuditRecord refused, HttpContext context)
    {
        var cancellation = context.RequestAborted;
        var (scope, name) = (refused.Scope, refused.Subject ?? "");
        var (subject, origin) = ($"{scope}/{name}", OriginOf(context));
        if (!await TryAttemptAsync(subject, origin, cancellation)) return new LoginResult.Throttled(Window);
        var user = await users.FindAsync(scope, name, cancellation);
        if (await passwords.IsRightAsync(user?.PasswordHash, password, cancellation) && user is not null)
        {
            await logins.ForgiveAsync(subject, origin, cancellation);
            return new LoginResult.Recognized(user);
        }
        // Whether or not its client still waits for it.
        await audits.WriteAsync(refused, CancellationToken.None);
        return new LoginResult.Refused();
    }

    private ValueTask<bool> TryAttemptAsync(string subject, string origin, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return logins.TryAttemptAsync(subject, origin, now, now - Window, Most, cancellation);
    }

    /// <summary>Of IPv6 the network, since one machine has as many addresses as it likes.</summary>
    private static string OriginOf(HttpContext context)
    {
        var address = Caller.PeerOf(context) ?? IPAddress.None;
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
