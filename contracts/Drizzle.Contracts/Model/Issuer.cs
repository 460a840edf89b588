using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>An issuer of JSON Web Tokens that the tenant trusts.</summary>
public sealed record Issuer
{
    /// <summary>Unique in the tenant. Policies know a caller as <c>Subject::"NAME/sub"</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>iss</c> claim, and where its OpenID metadata is found unless <c>jwksUrl</c> or <c>secret</c> is stated.</summary>
    public required string Url { get; init; }

    /// <summary>Accepted <c>aud</c> claims, of which a token names one; <c>*</c> alone accepts tokens for anybody.</summary>
    public ValueList<string> Audiences { get; init; }

    /// <summary>
    /// Accepted signatures: of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512, or of HS256, HS384 and HS512. Default RS256, and HS256
    /// where a secret is stated.
    /// </summary>
    public ValueList<string> Algorithms { get; init; }

    /// <summary>Where its public keys are, as a JSON Web Key Set; https, or http on this machine.</summary>
    public string? JwksUrl { get; init; }

    /// <summary>How the place of its keys is verified.</summary>
    public UpstreamTls? Tls { get; init; }

    /// <summary>The secret of HS256 and the like: at least 32 characters (48 for HS384, 64 for HS512).</summary>
    public Secret? Secret { get; init; }

    /// <summary>How far its clock and the edges' may differ, at most 5m. Default 30s.</summary>
    public Duration? Skew { get; init; }

    /// <summary>Claims that must be there, beside <c>exp</c>, <c>iss</c>, <c>sub</c> and <c>aud</c>.</summary>
    public ValueList<ValueMatch> RequiredClaims { get; init; }

    /// <summary>The consumer whose plan its callers are on.</summary>
    public string? Consumer { get; init; }

    /// <summary>The claim that names the caller's consumer, instead of one for all; a token that names none is refused.</summary>
    public string? ConsumerClaim { get; init; }

    /// <summary>The claim that lists the caller's roles, such as <c>roles</c> or <c>realm_access.roles</c>. None when absent.</summary>
    public string? RolesClaim { get; init; }

    /// <summary>The claim that limits by <c>clientId</c> count by, such as <c>azp</c>, instead of the header.</summary>
    public string? ClientIdClaim { get; init; }

    /// <summary>More tags of the caller, each with the claim that it is taken from; claims that are one value are tags already.</summary>
    public ValueMap Attributes { get; init; }

    /// <summary>Headers for the upstream, each with its claim. No client can set them, on any route of the tenant.</summary>
    public ValueMap Headers { get; init; }
}
