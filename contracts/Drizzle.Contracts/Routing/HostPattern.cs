namespace Drizzle.Contracts.Routing;

/// <summary>Host names as the model writes them: lower case, without port; <c>*.acme.test</c> is every host below acme.test, not acme.test itself.</summary>
public static class HostPattern
{
    public static bool IsWildcard(string host) => host.StartsWith("*.", StringComparison.Ordinal);

    /// <returns>Null, or a sentence on what is wrong.</returns>
    public static string? Error(string host)
    {
        var name = IsWildcard(host) ? host[2..] : host;
        if (name.Length is 0 or > 253) return "A host name has 1 to 253 characters.";
        if (name.Any(char.IsAsciiLetterUpper)) return "A host name is written in lower case.";
        if (name.Contains(':', StringComparison.Ordinal)) return "A host is written without a port.";
        foreach (var label in name.Split('.'))
        {
            var isFine = label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_');
            if (!isFine) return $"'{label}' is not a label of a host name (international names are written in their xn-- form).";
        }
        return null;
    }

    /// <summary>The hosts and wildcards that cover a host, the closest first.</summary>
    public static IEnumerable<string> Covering(string host)
    {
        yield return host;
        for (var dot = host.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = host.IndexOf('.', dot + 1)) yield return "*" + host[dot..];
    }

    /// <summary>Whether <paramref name="pattern"/>, a host or wildcard, covers the host or wildcard <paramref name="host"/>.</summary>
    public static bool Covers(string pattern, string host) =>
        pattern == host || (IsWildcard(pattern) && host.Length > pattern.Length - 1 && host.EndsWith(pattern[1..], StringComparison.Ordinal));
}
