using System.Net;
using Drizzle.Edge.Certificates;

namespace Drizzle.Edge.Requests;

/// <summary>Believes what trusted proxies say of the client, and nobody else.</summary>
internal static class ForwardedHeaders
{
    private const int MostHops = 32;

    /// <summary>Sets the exchange's client and scheme. Where no proxy is trusted this is one comparison.</summary>
    public static void Apply(Exchange exchange)
    {
        var trusted = exchange.Platform.TrustedProxies;
        if (trusted.Length == 0 || !IsTrusted(trusted, exchange.Connection.Address.Address)) return;
        var headers = exchange.Http.Request.Headers;
        // The proxy's own certificate says nothing of its client.
        exchange.Shown.ForwardedCertificate = headers[ForwardedCertificate.Header] is [{ } one] ? one : "";
        if (headers["X-Forwarded-For"] is { Count: > 0 } chain) exchange.Client = FarthestTrusted(trusted, string.Join(',', chain.ToArray()), exchange.Client);
        else if (headers["Forwarded"] is { Count: > 0 } forwarded) exchange.Client = FarthestTrusted(trusted, ForValues(string.Join(',', forwarded.ToArray())), exchange.Client);
        if (headers["X-Forwarded-Proto"] is [{ } proto] && proto is "http" or "https") exchange.Scheme = proto;
    }

    private static bool IsTrusted(IPNetwork[] trusted, IPAddress address)
    {
        foreach (var network in trusted)
        {
            if (network.Contains(address)) return true;
        }
        return false;
    }

    /// <summary>From the right, the first hop that is no proxy of ours; what stands left of it anybody may have written.</summary>
    private static ClientAddress FarthestTrusted(IPNetwork[] trusted, string chain, ClientAddress peer)
    {
        var client = peer;
        var rest = chain.AsSpan();
        for (var hop = 0; hop < MostHops; hop++)
        {
            var comma = rest.LastIndexOf(',');
            if (!TryParse(rest[(comma + 1)..].Trim(), out var address)) return client;
            client = ClientAddress.Of(address);
            if (comma < 0 || !IsTrusted(trusted, client.Address)) return client;
            rest = rest[..comma];
        }
        return client;
    }

    private static string ForValues(string forwarded) => string.Join(',', forwarded.Split(',')
        .Select(element => element.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(pair => pair.StartsWith("for=", StringComparison.OrdinalIgnoreCase))?[4..].Trim('"') ?? "unknown"));

    private static bool TryParse(ReadOnlySpan<char> hop, out IPAddress address)
    {
        if (IPAddress.TryParse(hop, out var plain))
        {
            address = plain;
            return true;
        }
        // With a port: 192.0.2.1:4711 or [2001:db8::1]:4711.
        var isParsed = IPEndPoint.TryParse(hop, out var withPort);
        address = withPort?.Address ?? IPAddress.None;
        return isParsed;
    }
}
