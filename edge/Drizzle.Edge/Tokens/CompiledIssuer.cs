using System.Text.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Validation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Drizzle.Edge.Tokens;

/// <summary>One issuer of a tenant, ready to judge tokens. Immutable but for its keys; it outlives edits that leave it as it was.</summary>
internal sealed class CompiledIssuer
{
    private const int LongestSubject = 256;

    // What is remembered of a token for its whole life.
    private const int MostTags = 64;
    private const int MostWords = 256;
    private const int LongestTag = 1024;

    private static readonly TimeSpan DefaultSkew = TimeSpan.FromSeconds(30);
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    private readonly HashSet<string> _algorithms;
    private readonly HashSet<string> _attributes;
    private readonly long _skewSeconds;
    private readonly TokenValidationParameters _wanted;

    public CompiledIssuer(Issuer model, KeySource keys)
    {
        (Model, Source) = (model, keys);
        _algorithms = model.Algorithms.Count > 0 ? [.. model.Algorithms] : [model.Secret is null ? "RS256" : "HS256"];
        _attributes = [.. model.Attributes.Select(a => a.Key)];
        _skewSeconds = (long)(model.Skew?.Value ?? DefaultSkew).TotalSeconds;
        _wanted = new TokenValidationParameters
        {
            ValidAlgorithms = _algorithms,
            ValidIssuer = model.Url,
            ValidAudiences = model.Audiences,
            ValidateAudience = !model.Audiences.Contains("*"),
            TryAllIssuerSigningKeys = false,
            // Judged here, by the injected clock.
            ValidateLifetime = false,
            ValidateTokenReplay = false,
        };
    }

    public Issuer Model { get; }

    public string Name => Model.Name;

    public KeySource Source { get; }

    public bool Accepts(string algorithm) => _algorithms.Contains(algorithm);

    /// <summary>Whether it would have accepted what another, perhaps as it was before an edit, has accepted.</summary>
    public bool AcceptsAs(CompiledIssuer other) => ReferenceEquals(this, other) || Deciding(Model).Equals(Deciding(other.Model));

    /// <summary>What is left of an issuer without that which only says what becomes of its claims.</summary>
    private static Issuer Deciding(Issuer model) => model with { Headers = [], Attributes = [], RolesClaim = null, ClientIdClaim = null };

    /// <summary>All that can be told without a key.</summary>
    /// <param name="now">Unix seconds.</param>
    /// <returns>Null where nothing is wrong.</returns>
    public TokenFault? JudgeClaims(TokenText token, long now)
    {
        var claims = token.Claims;
        if (!Claims.TryReadTime(claims, "exp", out var expires) || expires is not { } end || !Claims.TryReadTime(claims, "nbf", out var begins)) return TokenFault.Times;
        if (now >= end + _skewSeconds) return TokenFault.Expired;
        if (begins is { } start && now < start - _skewSeconds) return TokenFault.NotYet;
        if (SubjectOf(claims) is null) return TokenFault.NoSubject;
        foreach (var claim in Model.RequiredClaims)
        {
            if (!HasClaim(claims, claim)) return TokenFault.Claim(claim.Name);
        }
        return Model.ConsumerClaim is { } name && Claims.TextOf(claims, name) is null ? TokenFault.NoConsumer : null;
    }

    /// <summary>Has the library verify what matters most: signature, algorithm, issuer and audience.</summary>
    /// <returns>Null where nothing is wrong.</returns>
    public async ValueTask<TokenFault?> JudgeSignatureAsync(TokenText token, SecurityKey key)
    {
        var wanted = _wanted.Clone();
        wanted.IssuerSigningKeyResolver = (_, _, _, _) => [key];
        var result = await Handler.ValidateTokenAsync(token.Text, wanted);
        if (result.IsValid) return null;
        return result.Exception is SecurityTokenInvalidAudienceException ? TokenFault.Audience : TokenFault.Signature;
    }

    /// <param name="token">Judged, and nothing was wrong.</param>
    /// <param name="keys">By which it was verified.</param>
    public VerifiedToken Verified(TokenText token, KeySet keys)
    {
        var claims = token.Claims;
        Claims.TryReadTime(claims, "exp", out var expires);
        return new VerifiedToken
        {
            Issuer = this,
            Keys = keys,
            Subject = SubjectOf(claims) ?? "",
            GoodUntil = (expires ?? 0) + _skewSeconds - 1,
            Consumer = Model.ConsumerClaim is { } consumer ? Claims.TextOf(claims, consumer) : Model.Consumer,
            Roles = Model.RolesClaim is { } roles ? WordsOf(claims, roles) : [],
            Scopes = WordsOf(claims, claims.TryGetProperty("scope", out _) ? "scope" : "scp"),
            Tags = TagsOf(claims),
            ClientId = Model.ClientIdClaim is { } client ? Claims.TextOf(claims, client) ?? "" : null,
            Headers = [.. Model.Headers.Select(h => (h.Key, Value: HeaderOf(claims, h.Value))).Where(h => h.Value is not null).Select(h => (h.Key, h.Value ?? ""))],
        };
    }

    private static string? SubjectOf(JsonElement claims) =>
        claims.TryGetProperty("sub", out var claim) && claim.ValueKind == JsonValueKind.String && claim.GetString() is { Length: > 0 and <= LongestSubject } subject && !subject.Any(char.IsControl) ? subject : null;

    private static bool HasClaim(JsonElement claims, ValueMatch wanted)
    {
        if (!Claims.TryFind(claims, wanted.Name, out var claim) || claim.ValueKind == JsonValueKind.Null) return false;
        if (wanted.Value is not { } value) return true;
        return claim.ValueKind == JsonValueKind.Array ? claim.EnumerateArray().Any(e => Claims.TextOf(e) == value) : Claims.TextOf(claim) == value;
    }

    /// <summary>Attributes first: what they are named after is never taken from a claim of that name.</summary>
    private Dictionary<string, string> TagsOf(JsonElement claims)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tag, claim) in Model.Attributes)
        {
            if (Claims.TextOf(claims, claim) is { Length: <= LongestTag } text) tags[tag] = text;
        }
        foreach (var claim in claims.EnumerateObject())
        {
            if (tags.Count >= MostTags) break;
            if (!_attributes.Contains(claim.Name) && Claims.TextOf(claim.Value) is { Length: <= LongestTag } text) tags[claim.Name] = text;
        }
        return tags;
    }

    private static string[] WordsOf(JsonElement claims, string path) => [.. Claims.WordsOf(claims, path).Where(w => w.Length <= LongestSubject).Take(MostWords)];

    /// <summary>A list is written with commas between. What a header cannot hold is left out.</summary>
    private static string? HeaderOf(JsonElement claims, string path)
    {
        if (!Claims.TryFind(claims, path, out var claim)) return null;
        var text = Claims.TextOf(claim);
        if (claim.ValueKind == JsonValueKind.Array)
        {
            var items = claim.EnumerateArray().Select(Claims.TextOf).ToList();
            text = items.TrueForAll(i => i?.Contains(',', StringComparison.Ordinal) == false) ? string.Join(',', items) : null;
        }
        return text is not null && Names.IsHeaderValue(text) ? text : null;
    }
}
