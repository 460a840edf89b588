using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Access;

/// <summary>Where tokens and users belong: a tenant, or the platform, whose scope is empty.</summary>
internal static class Scopes
{
    /// <returns>Null for the platform's.</returns>
    public static string? TenantOf(string scope) => scope.Length == 0 ? null : scope;

    /// <summary>Whether someone of a scope may have a role: the platform's are owners, and nobody else is the platform's.</summary>
    public static bool Allows(string scope, AccessRole role) => scope.Length == 0 == (role == AccessRole.PlatformOwner);

    /// <summary>The role of someone for whom none is stated.</summary>
    public static AccessRole UsualRole(string scope) => scope.Length == 0 ? AccessRole.PlatformOwner : AccessRole.Viewer;
}
