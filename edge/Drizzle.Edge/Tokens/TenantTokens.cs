using System.Collections.Frozen;
using Drizzle.Contracts.Model;

namespace Drizzle.Edge.Tokens;

/// <summary>Whose tokens a tenant accepts. Immutable.</summary>
internal sealed class TenantTokens
{
    public static readonly TenantTokens None = new([]);

    private readonly Dictionary<string, CompiledIssuer> _byUrl = new(StringComparer.Ordinal);
    private readonly FrozenSet<string> _headers;

    public TenantTokens(IEnumerable<CompiledIssuer> issuers)
    {
        foreach (var issuer in issuers) _byUrl.TryAdd(issuer.Model.Url, issuer);
        _headers = _byUrl.Values.SelectMany(i => i.Model.Headers).Select(h => Plain(h.Key)).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyCollection<CompiledIssuer> Issuers => _byUrl.Values;

    /// <summary>Whether upstreams are told of tokens in headers.</summary>
    public bool HasHeaders => _headers.Count > 0;

    /// <summary>Whether a header is one of these, which no client may set; nor one that upstreams would read as it.</summary>
    public bool Reserves(string header) => _headers.Contains(Plain(header));

    /// <param name="tenant">Its issuers are valid.</param>
    /// <param name="before">Those that did not change are taken from there, keys and all.</param>
    /// <param name="sources">Makes the others' sources of keys.</param>
    public static TenantTokens Of(Tenant tenant, TenantTokens? before, KeySources sources)
    {
        if (tenant.Issuers.Count == 0) return None;
        return new(tenant.Issuers.Select(i =>
        {
            var known = before?.ByUrl(i.Url);
            return known?.Model.Equals(i) == true ? known : new CompiledIssuer(i, sources.For(tenant.Slug, i, known));
        }));
    }

    /// <param name="url">An <c>iss</c> claim.</param>
    public CompiledIssuer? ByUrl(string url) => _byUrl.GetValueOrDefault(url);

    /// <summary>Whether the issuer that a token was verified by is in force as it was then.</summary>
    public bool Accepts(VerifiedToken token) => ReferenceEquals(ByUrl(token.Issuer.Model.Url), token.Issuer);

    /// <summary>Whether what was verified once, perhaps before an edit, would still be accepted.</summary>
    public bool StillAccepts(VerifiedToken token) => ByUrl(token.Issuer.Model.Url)?.AcceptsAs(token.Issuer) == true;

    /// <summary>Whether some issuer is not in force any more, or accepts other tokens; null for nothing at all.</summary>
    public bool HasLost(TenantTokens? after) => _byUrl.Values.Any(i => after?.ByUrl(i.Model.Url)?.AcceptsAs(i) != true);

    /// <summary>Many servers read an underscore in a header's name as a hyphen.</summary>
    private static string Plain(string header) => header.Replace('_', '-');
}
