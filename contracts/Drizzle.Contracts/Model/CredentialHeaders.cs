using System.Collections.Frozen;

namespace Drizzle.Contracts.Model;

/// <summary>Headers that hold credentials, wherever they are sent; a service may name another for its keys.</summary>
public static class CredentialHeaders
{
    private static readonly FrozenSet<string> Names = new[] { "Authorization", "Proxy-Authorization", "Cookie", Defaults.KeyHeader }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="name">In whatever case.</param>
    public static bool Contains(string name) => Names.Contains(name);
}
