using System.Collections.Frozen;
using Drizzle.Contracts.Model;

namespace Drizzle.Edge.Tokens;

/// <summary>Whose tokens a tenant accepts. Immutable.</summary>
internal sealed class TenantTokens
{
    public static readonly TenantTokens None = new([]);

    private readonly Dictionary<string, CompiledIssuer> _byUrl = new(StringComparer.Ordinal);

    public TenantTokens(IEnumerable<CompiledIssuer> issuers)
    {
        foreach (var issuer in issuers) _byUrl.TryAdd(issuer.Model.Url, issuer);
        Headers = _byUrl.Values.SelectMany(i => i.Model.Headers).Select(h => h.Key).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyCollection<CompiledIssuer> Issuers => _byUrl.Values;

    /// <summary>What the upstreams are told of tokens, and no client may say.</summary>
    public FrozenSet<string> Headers { get; }

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

    /// <summary>Whether some issuer is not in force any more as it is here; null for nothing at all.</summary>
    public bool HasLost(TenantTokens? after) => _byUrl.Values.Any(i => !ReferenceEquals(after?.ByUrl(i.Model.Url), i));
}
