namespace Drizzle.Edge.Tokens;

/// <summary>What became of a token: one of the two.</summary>
internal readonly record struct TokenVerdict(VerifiedToken? Token, TokenFault? Fault)
{
    public static implicit operator TokenVerdict(TokenFault fault) => new(null, fault);
}

internal enum TokenChecks
{
    /// <summary>All, and keys that are not known are fetched.</summary>
    Full,

    /// <summary>All, by the keys that are known.</summary>
    WithoutFetching,

    /// <summary>All but the signature: for showing what would become of a request where no key is at hand. Lets nothing through.</summary>
    WithoutSignature,
}

/// <summary>Judges tokens, and remembers those that are good.</summary>
internal sealed class TokenGate(TokenMemory memory, TokenChecks checks, TimeProvider clock)
{
    /// <returns>Null where it has to be judged.</returns>
    public VerifiedToken? Remembered(string tenant, TenantTokens issuers, string token)
    {
        if (memory.Find(tenant, token) is not { } known || !issuers.Accepts(known) || Now > known.GoodUntil) return null;
        return ReferenceEquals(known.Issuer.Source.Current, known.Keys) ? known : null;
    }

    public async ValueTask<TokenVerdict> JudgeAsync(string tenant, TenantTokens issuers, string token, CancellationToken cancellation)
    {
        using var read = TokenText.Read(token);
        if (read is null) return TokenFault.Malformed;
        if (Claims.TextOf(read.Claims, "iss") is not { } url || issuers.ByUrl(url) is not { } issuer) return TokenFault.UnknownIssuer;
        if (!issuer.Accepts(read.Algorithm)) return TokenFault.Algorithm;
        // That it has expired is said of what its issuer has signed, and of nothing else.
        var wrong = issuer.JudgeClaims(read, Now);
        if (wrong is not null && !ReferenceEquals(wrong, TokenFault.Expired)) return wrong;
        if (checks == TokenChecks.WithoutSignature) return wrong is not null ? wrong : new TokenVerdict(issuer.Verified(read, KeySet.Empty), null);
        var keys = issuer.Source.Current;
        if (keys?.Find(read.KeyId, read.Algorithm) is null && checks == TokenChecks.Full) keys = await issuer.Source.RefreshAsync(cancellation);
        if (keys is null) return TokenFault.NoKeys;
        if (keys.Find(read.KeyId, read.Algorithm) is not { } key) return TokenFault.UnknownKey;
        if (await issuer.JudgeSignatureAsync(read, key) is { } forged) return forged;
        if (wrong is not null) return wrong;
        var verified = issuer.Verified(read, keys);
        memory.Add(tenant, token, verified);
        return new(verified, null);
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();
}
