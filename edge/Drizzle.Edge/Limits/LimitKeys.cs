using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Limits;

internal enum LimitKeyKind
{
    Constant,
    Tenant,
    Service,
    Route,
    Consumer,
    Key,
    ClientId,
    Address,
    Header,
    Claim,
}

/// <param name="Name">The header's or claim's name, otherwise empty.</param>
internal readonly record struct LimitKey(LimitKeyKind Kind, string Name)
{
    public static LimitKey Parse(string text) => text switch
    {
        "tenant" => new(LimitKeyKind.Tenant, ""),
        "service" => new(LimitKeyKind.Service, ""),
        "route" => new(LimitKeyKind.Route, ""),
        "consumer" => new(LimitKeyKind.Consumer, ""),
        "key" => new(LimitKeyKind.Key, ""),
        "clientId" => new(LimitKeyKind.ClientId, ""),
        "address" => new(LimitKeyKind.Address, ""),
        _ when text.StartsWith("header:", StringComparison.Ordinal) => new(LimitKeyKind.Header, text[7..]),
        _ when text.StartsWith("claim:", StringComparison.Ordinal) => new(LimitKeyKind.Claim, text[6..]),
        _ => new(LimitKeyKind.Constant, ""),
    };
}

/// <summary>What a limit counts by.</summary>
internal sealed class LimitKeys
{
    private const int LongestValue = 256;
    private const int LongestSubject = 512;
    private const int DigestLength = 32;

    private readonly LimitKey[] _by;

    /// <param name="by">As a limit states them.</param>
    /// <param name="byDefault">The key of a limit that names none.</param>
    public LimitKeys(ValueList<string> by, string byDefault) => _by = [.. (by.Count == 0 ? [byDefault] : by).Select(LimitKey.Parse)];

    /// <summary>
    /// Which one a request is counted in. Requests that lack the value (no consumer, no such header) share one; a client id counts within its consumer, so that
    /// changing it never leaves the consumer's own limits.
    /// </summary>
    public BucketId BucketOf(string limit, Exchange exchange)
    {
        if (_by.Length == 1) return new(limit, ValueOf(_by[0], exchange));
        // Lengths before the values, so that no two lists of values read the same.
        var subject = string.Concat(_by.Select(key => ValueOf(key, exchange)).Select(value => $"{value.Length}:{value}"));
        return new(limit, subject.Length > LongestSubject ? DigestOf(subject) : subject);
    }

    private static string ValueOf(LimitKey key, Exchange exchange)
    {
        var value = key.Kind switch
        {
            LimitKeyKind.Tenant => exchange.Tenant?.Slug,
            LimitKeyKind.Service => exchange.Route?.Upstream.Model.Slug,
            LimitKeyKind.Route => exchange.Route?.Name,
            LimitKeyKind.Consumer => exchange.Consumer?.Name,
            LimitKeyKind.Key => exchange.Key?.Prefix,
            LimitKeyKind.ClientId => $"{exchange.Consumer?.Name}/{exchange.Token?.ClientId ?? exchange.Http.Request.Headers[Defaults.ClientIdHeader].ToString()}",
            LimitKeyKind.Address => exchange.Client.LimitSubject,
            LimitKeyKind.Header => HeaderOf(key.Name, exchange),
            LimitKeyKind.Claim => exchange.Token?.Tags.GetValueOrDefault(key.Name),
            _ => "",
        };
        return value switch
        {
            null => "",
            // A claim may hold what no store can: NUL and its like.
            _ when value.AsSpan().ContainsAnyInRange('\0', '\u001f') => DigestOf(value),
            { Length: > LongestValue } => value[..(char.IsHighSurrogate(value[LongestValue - 1]) ? LongestValue - 1 : LongestValue)],
            _ => value,
        };
    }

    /// <summary>Subjects are stored and shown; a credential must not be.</summary>
    private static string HeaderOf(string name, Exchange exchange)
    {
        var value = exchange.Http.Request.Headers[name].ToString();
        var isCredential = CredentialHeaders.Contains(name) || name.Equals(exchange.Route?.Upstream.KeyHeader, StringComparison.OrdinalIgnoreCase);
        return value.Length == 0 || !isCredential ? value : DigestOf(value);
    }

    private static string DigestOf(string text) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..DigestLength]}";
}
