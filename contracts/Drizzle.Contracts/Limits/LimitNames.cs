namespace Drizzle.Contracts.Limits;

/// <summary>
/// Full names of limits and quotas, such as <c>acme/plan:starter/monthly</c> or <c>acme/per-second</c>: first the scope, a tenant's slug or <c>platform</c>, last the
/// name in its place.
/// </summary>
public static class LimitNames
{
    /// <param name="name">A full name, or the place where limits stand.</param>
    public static string ScopeOf(string name) => name.Split('/')[0];

    /// <summary>As it is shown within its scope.</summary>
    public static string WithoutScope(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>As it is named in its place.</summary>
    public static string OwnNameOf(string name) => name[(name.LastIndexOf('/') + 1)..];
}
