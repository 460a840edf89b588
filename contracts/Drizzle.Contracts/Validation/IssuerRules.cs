using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Whose tokens a tenant accepts.</summary>
internal static class IssuerRules
{
    private const int Most = 100;
    private const int MostInOne = 16;
    private const int LongestUrl = 2048;
    private const int LongestClaim = 256;
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);
    private static readonly HashSet<string> WithKeys = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly HashSet<string> WithSecret = ["HS256", "HS384", "HS512"];

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        if (tenant.Issuers.Count > Most) findings.Add($"{path}.issuers", $"At most {Most}.");
        var urls = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < tenant.Issuers.Count; i++)
        {
            var (issuer, at) = (tenant.Issuers[i], $"{path}.issuers[{i}]");
            CheckPlace(issuer, at, findings);
            if (!urls.Add(issuer.Url)) findings.Add($"{at}.url", "Stands twice; a token would be of either.");
            CheckAudiences(issuer.Audiences, $"{at}.audiences", findings);
            CheckAlgorithms(issuer, at, findings);
            if (issuer.Skew is { } skew && (skew.Value < TimeSpan.Zero || skew.Value > MostSkew)) findings.Add($"{at}.skew", "From 0s to 5m.");
            CheckClaims(issuer, at, findings);
            CheckHeaders(issuer.Headers, $"{at}.headers", findings);
            if (issuer is { Consumer: not null, ConsumerClaim: not null }) findings.Add($"{at}.consumerClaim", "Either consumer or consumerClaim, not both.");
            if (issuer.Consumer is { } consumer && !tenant.Consumers.Any(c => c.Name == consumer)) findings.Add($"{at}.consumer", $"There is no consumer '{Names.Shown(consumer)}'.");
        }
    }

    private static void CheckPlace(Issuer issuer, string path, Findings findings)
    {
        var isFound = issuer.JwksUrl is not null || issuer.Secret is not null;
        if (issuer.Url.Length is 0 or > LongestUrl || issuer.Url.Any(char.IsControl)) findings.Add($"{path}.url", $"1 to {LongestUrl} characters.");
        else if (!isFound && !SafeUrl.Is(issuer.Url)) findings.Add($"{path}.url", "Its metadata is found there, so it is an https URL, or an http one of this machine; or state jwksUrl or secret.");
        if (issuer.JwksUrl is { } keys && (keys.Length > LongestUrl || !SafeUrl.Is(keys))) findings.Add($"{path}.jwksUrl", "An https URL, or an http one of this machine: whoever can change keys on their way can sign anything.");
        if (issuer is { JwksUrl: not null, Secret: not null }) findings.Add($"{path}.secret", "Either jwksUrl or secret, not both.");
        if (issuer.Tls is { SkipVerify: true }) findings.Add($"{path}.tls.skipVerify", "Whoever can stand in for the place of its keys can sign anything: name its authorities in caFile.");
        if (issuer.Secret is not { } secret) return;
        CredentialRules.Check(secret, $"{path}.secret", findings);
        if (secret.Value is { } value && value.Length < IssuerSecret.LeastCharacters(issuer)) findings.Add($"{path}.secret.value", $"At least {IssuerSecret.LeastCharacters(issuer)} characters: whoever has one token can try shorter ones.");
    }

    private static void CheckAudiences(ValueList<string> audiences, string path, Findings findings)
    {
        if (audiences.Count is 0 or > MostInOne) findings.Add(path, $"1 to {MostInOne}: what tokens must name in aud, so that those for others are not accepted here; '*' alone accepts any.");
        if (audiences.Count > 1 && audiences.Contains("*")) findings.Add(path, "'*' stands alone.");
        if (audiences.Any(a => a.Length is 0 or > LongestClaim)) findings.Add(path, $"Each has 1 to {LongestClaim} characters.");
    }

    private static void CheckAlgorithms(Issuer issuer, string path, Findings findings)
    {
        var known = issuer.Secret is null ? WithKeys : WithSecret;
        for (var i = 0; i < issuer.Algorithms.Count; i++)
        {
            var algorithm = issuer.Algorithms[i];
            if (known.Contains(algorithm)) continue;
            findings.Add($"{path}.algorithms[{i}]", WithSecret.Contains(algorithm) ? $"{algorithm} wants a secret." : $"'{Names.Shown(algorithm)}': expected one of {string.Join(", ", known)}.");
        }
    }

    private static void CheckClaims(Issuer issuer, string path, Findings findings)
    {
        if (issuer.RequiredClaims.Count > MostInOne) findings.Add($"{path}.requiredClaims", $"At most {MostInOne}.");
        if (issuer.RequiredClaims.Any(c => IsNoClaim(c.Name) || c.Value?.Length > LongestClaim)) findings.Add($"{path}.requiredClaims", $"A claim's name has 1 to {LongestClaim} characters, its value at most as many.");
        foreach (var (name, claim) in new[] { ("consumerClaim", issuer.ConsumerClaim), ("rolesClaim", issuer.RolesClaim), ("clientIdClaim", issuer.ClientIdClaim) })
        {
            if (claim is not null && IsNoClaim(claim)) findings.Add($"{path}.{name}", $"A claim's name has 1 to {LongestClaim} characters.");
        }
        if (issuer.Attributes.Count > MostInOne) findings.Add($"{path}.attributes", $"At most {MostInOne}.");
        foreach (var (tag, claim) in issuer.Attributes)
        {
            if (IsNoClaim(tag) || IsNoClaim(claim)) findings.Add($"{path}.attributes", $"Names have 1 to {LongestClaim} characters.");
        }
    }

    private static bool IsNoClaim(string name) => name.Length is 0 or > LongestClaim;

    private static void CheckHeaders(ValueMap headers, string path, Findings findings)
    {
        if (headers.Count > MostInOne) findings.Add(path, $"At most {MostInOne}.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (header, claim) in headers)
        {
            if (!seen.Add(header)) findings.Add(path, $"{Names.Shown(header)} stands twice (case does not tell headers apart).");
            if (!Names.IsToken(header)) findings.Add(path, $"'{Names.Shown(header)}' is not a header name.");
            else if (TransformRules.Untouchable.Contains(header) || CredentialHeaders.Contains(header)) findings.Add(path, $"{header} frames the message or holds a credential, and cannot be set.");
            if (IsNoClaim(claim)) findings.Add(path, $"A claim's name has 1 to {LongestClaim} characters.");
        }
    }
}
