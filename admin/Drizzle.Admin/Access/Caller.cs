using System.Net;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>Who calls the admin API, and what as.</summary>
/// <param name="Name">Of the token, or of the user.</param>
/// <param name="Tenant">The one tenant that it may use; null for the platform's.</param>
/// <param name="Session">Of a user who is logged in; null for a token.</param>
internal sealed record Caller(string Name, string? Tenant, AccessRole Role, BrowserSession? Session = null)
{
    /// <summary>As history and audit name it.</summary>
    public string Actor => ActorOf(Tenant, Session is null ? Name : UserActor(Name));

    public bool IsPlatformOwner => Tenant is null && Role == AccessRole.PlatformOwner;

    /// <summary>Whether it may know that a tenant is there.</summary>
    public bool MaySee(string tenant) => Tenant is null || Tenant == tenant;

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("Nobody was authenticated.");

    /// <summary>Who makes a change, from where.</summary>
    public static ChangeAuthor AuthorOf(HttpContext context, string? reason = null) => new(Of(context).Actor, reason, AddressOf(context));

    public static string? AddressOf(HttpContext context) => PeerOf(context)?.ToString();

    /// <summary>Where a request comes from; IPv4 in IPv6 is IPv4.</summary>
    public static IPAddress? PeerOf(HttpContext context) => context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    /// <summary>A user may have a token's name.</summary>
    public static string UserActor(string name) => $"user:{name}";

    public static string ActorOf(string? tenant, string actor) => string.IsNullOrEmpty(tenant) ? actor : $"{tenant}/{actor}";
}
