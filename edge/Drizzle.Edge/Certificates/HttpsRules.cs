using System.Globalization;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Requests;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Certificates;

/// <summary>How browsers are kept on https on one tenant's hosts. Immutable.</summary>
internal sealed class HttpsRules
{
    public static readonly HttpsRules None = new([], []);

    private readonly Dictionary<string, Rule> _byHost = new(StringComparer.Ordinal);

    /// <param name="Port">With its colon; empty for the usual one.</param>
    private sealed record Rule(bool Redirect, string Port, string? Hsts);

    /// <param name="rules">The first that names a host counts.</param>
    /// <param name="hosts">The tenant's.</param>
    public HttpsRules(ValueList<HttpsRule> rules, ValueList<string> hosts)
    {
        foreach (var rule in rules)
        {
            var compiled = new Rule(rule.Redirect, rule.Port is { } port and not 443 ? string.Create(CultureInfo.InvariantCulture, $":{port}") : "", rule.Hsts is { } hsts ? HeaderOf(hsts) : null);
            foreach (var host in rule.Hosts.Count > 0 ? rule.Hosts : hosts) _byHost.TryAdd(host, compiled);
        }
    }

    /// <summary>Strict-Transport-Security, where the answer goes over https and the host has one; otherwise null.</summary>
    public string? HstsFor(Exchange exchange) => _byHost.Count > 0 && exchange.Scheme == "https" ? Find(exchange.Host)?.Hsts : null;

    /// <summary>Answers with a redirect what came by plain http and should not have.</summary>
    public bool Redirects(Exchange exchange)
    {
        if (_byHost.Count == 0 || exchange.Scheme != "http" || Find(exchange.Host) is not { Redirect: true } rule) return false;
        var response = exchange.Http.Response;
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        response.Headers[ResponseHeaders.RequestId] = exchange.RequestId;
        response.Headers.Location = $"https://{exchange.Host}{rule.Port}{exchange.Path}{exchange.Query}";
        return true;
    }

    private Rule? Find(string host) => HostPattern.Covering(host).Select(h => _byHost.GetValueOrDefault(h)).FirstOrDefault(r => r is not null);

    private static string HeaderOf(Hsts hsts) => string.Create(
        CultureInfo.InvariantCulture, $"max-age={(long)hsts.MaxAge.Value.TotalSeconds}{(hsts.IncludeSubDomains ? "; includeSubDomains" : "")}{(hsts.Preload ? "; preload" : "")}");
}
