using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Access;

/// <summary>Who calls the admin API, and what as.</summary>
/// <param name="Name">Of the token.</param>
/// <param name="Tenant">The one tenant that it may use; null for the platform's.</param>
internal sealed record Caller(string Name, string? Tenant, AccessRole Role)
{
    /// <summary>As the history names it.</summary>
    public string Actor => Tenant is null ? Name : $"{Tenant}/{Name}";

    public bool IsPlatformOwner => Tenant is null && Role == AccessRole.PlatformOwner;

    /// <summary>Whether it may know that a tenant is there.</summary>
    public bool MaySee(string tenant) => Tenant is null || Tenant == tenant;

    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("Nobody was authenticated.");
}
