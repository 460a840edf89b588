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

/// <summary>A limit with where it stands.</summary>
/// <param name="Id">Unique over all tenants, such as <c>acme/route:read/per-minute</c>.</param>
/// <param name="Revision">Of the document that it was compiled from.</param>
internal sealed record CompiledLimit(string Id, string Name, string Tenant, BucketRule Rule, LimitKey[] By, long Revision, OnFailure OnFailure)
{
    private const int LongestValue = 256;

    /// <summary>The burst, as headers show it.</summary>
    public string BurstText { get; } = Rule.Burst.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The item of RateLimit-Policy that speaks of this limit.</summary>
    public string PolicyItem { get; } = $"\"{Name}\";q={Rule.Burst};w={Math.Max(1, Rule.Fill / 1_000_000_000)}";

    /// <param name="where">Where the limits stand, such as <c>acme/service:orders</c>.</param>
    /// <param name="byDefault">The key of a limit that names none.</param>
    /// <param name="revision">Of the document that they stand in.</param>
    public static CompiledLimit[] All(ValueList<Limit> limits, string where, string byDefault, long revision) =>
        [.. limits.Select(l => new CompiledLimit(
            $"{where}/{l.Name}", l.Name, where.Split('/')[0], BucketRule.Of(l.Rate, l.Burst),
            [.. (l.By.Count == 0 ? [byDefault] : l.By).Select(LimitKey.Parse)], revision, l.OnFailure ?? OnFailure.Local))];

    /// <summary>
    /// The bucket of a request. Requests that lack the value (no consumer, no such header) share one bucket; a client id counts within its consumer,
    /// so that changing it never leaves the consumer's own limits.
    /// </summary>
    public BucketId BucketOf(Exchange exchange)
    {
        if (By.Length == 1) return new(Id, ValueOf(By[0], exchange));
        // Lengths before the values, so that no two lists of values read the same.
        return new(Id, string.Concat(By.Select(key => ValueOf(key, exchange)).Select(value => $"{value.Length}:{value}")));
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
            LimitKeyKind.ClientId => $"{exchange.Consumer?.Name}\n{exchange.Http.Request.Headers[Defaults.ClientIdHeader]}",
            LimitKeyKind.Address => exchange.Client.LimitSubject,
            LimitKeyKind.Header => exchange.Http.Request.Headers[key.Name].ToString(),
            _ => "",
        };
        return value switch
        {
            null => "",
            { Length: > LongestValue } => value[..LongestValue],
            _ => value,
        };
    }
}
