using Drizzle.Contracts.Model;
using Drizzle.Edge.Tokens;

namespace Drizzle.Edge.Tests.Tokens;

/// <summary>What is remembered of a token, for how long, and what it is worth then.</summary>
[TestClass]
public sealed class TokenGateTests
{
    private static readonly TokenVector Good = TokenVectors.Of("RS256");

    [TestMethod]
    public async Task A_token_is_remembered_until_the_instant_in_which_it_ends()
    {
        var clock = TokenVectors.Clock();
        var gate = new TokenGate(new TokenMemory(TokenMemory.Most), TokenChecks.Full, clock);
        var issuers = new TenantTokens([TokenVectors.IssuerOf("RS256")]);
        Assert.IsNull(gate.Remembered("acme", issuers, Good.Token));
        var verified = (await gate.JudgeAsync("acme", issuers, Good.Token, CancellationToken.None)).Token;
        Assert.AreSame(verified, gate.Remembered("acme", issuers, Good.Token));
        Assert.IsNull(gate.Remembered("other", issuers, Good.Token), "It is another tenant's.");

        // An hour, and the skew of thirty seconds.
        clock.Advance(TimeSpan.FromSeconds(3629));
        Assert.AreSame(verified, gate.Remembered("acme", issuers, Good.Token));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsNull(gate.Remembered("acme", issuers, Good.Token));
        Assert.AreSame(TokenFault.Expired, (await gate.JudgeAsync("acme", issuers, Good.Token, CancellationToken.None)).Fault);
    }

    [TestMethod]
    public async Task What_was_verified_is_nothing_once_issuer_or_keys_are_others()
    {
        var gate = new TokenGate(new TokenMemory(TokenMemory.Most), TokenChecks.Full, TokenVectors.Clock());
        var issuer = TokenVectors.IssuerOf("RS256");
        var issuers = new TenantTokens([issuer]);
        await gate.JudgeAsync("acme", issuers, Good.Token, CancellationToken.None);

        Assert.IsNull(gate.Remembered("acme", new TenantTokens([TokenVectors.IssuerOf("RS256")]), Good.Token), "The issuer was edited.");
        Assert.IsNull(gate.Remembered("acme", new TenantTokens([]), Good.Token), "The issuer was removed.");
        Assert.IsNotNull(gate.Remembered("acme", issuers, Good.Token));
        ((KnownKeys)issuer.Source).Keys = KeySet.Parse(TokenVectors.Jwks);
        Assert.IsNull(gate.Remembered("acme", issuers, Good.Token), "The keys were fetched anew and are others.");
    }

    [TestMethod]
    public async Task No_more_tokens_are_remembered_than_may_be_and_those_in_use_stay()
    {
        var memory = new TokenMemory(10_000);
        var gate = new TokenGate(memory, TokenChecks.Full, TokenVectors.Clock());
        var issuers = new TenantTokens([TokenVectors.IssuerOf("RS256")]);
        var verified = (await gate.JudgeAsync("used", issuers, Good.Token, CancellationToken.None)).Token;
        Assert.IsNotNull(verified);
        for (var i = 0; i < 100; i++)
        {
            memory.Add($"tenant-{i}", Good.Token, verified);
            Assert.IsNotNull(memory.Find("used", Good.Token));
        }
        Assert.IsLessThanOrEqualTo((2 * 10_000 / verified.Weight) + 4, Enumerable.Range(0, 100).Count(i => memory.Find($"tenant-{i}", Good.Token) is not null));
    }

    [TestMethod]
    [DataRow("""{"alg":"\ud800"}""", "{}")]
    [DataRow("""{"alg":"RS256","kid":"\udc00"}""", "{}")]
    [DataRow("""{"alg":"RS256"}""", """{"iss":"\ud800"}""")]
    [DataRow("""{"alg":"RS256"}""", """{"\ud800":1}""")]
    [DataRow("""{"alg":"RS256"}""", """{"a":[{"b":"\ud800x"}]}""")]
    public async Task Half_a_surrogate_pair_is_a_malformed_token_and_nothing_worse(string header, string payload)
    {
        var gate = new TokenGate(new TokenMemory(TokenMemory.Most), TokenChecks.Full, TokenVectors.Clock());
        static string Part(string text) => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text));
        var verdict = await gate.JudgeAsync("acme", new TenantTokens([TokenVectors.IssuerOf("RS256")]), $"{Part(header)}.{Part(payload)}.AAAA", CancellationToken.None);
        Assert.AreSame(TokenFault.Malformed, verdict.Fault);
    }

    [TestMethod]
    public async Task An_attribute_is_taken_from_its_claim_alone_and_a_missing_client_id_is_none()
    {
        var known = TokenVectors.IssuerOf("RS256");
        var issuer = new CompiledIssuer(known.Model with { ClientIdClaim = "not.there", Attributes = new([new("n", "nested.missing"), new("ok", "nested.a.b")]) }, known.Source);
        var token = (await JudgeAsync(issuer, Good)).Token;
        Assert.IsNotNull(token);
        Assert.IsFalse(token.Tags.ContainsKey("n"));
        Assert.AreEqual("c", token.Tags["ok"]);
        Assert.AreEqual("", token.ClientId);
    }

    [TestMethod]
    public async Task That_a_token_has_expired_is_said_of_signed_ones_alone()
    {
        var expired = TokenVectors.Of("expired an hour ago");
        Assert.AreSame(TokenFault.Expired, (await JudgeAsync(TokenVectors.IssuerOf("RS256"), expired)).Fault);
        var forged = expired with { Token = expired.Token[..^8] + "AAAAAAAA" };
        Assert.AreSame(TokenFault.Signature, (await JudgeAsync(TokenVectors.IssuerOf("RS256"), forged)).Fault);
    }

    [TestMethod]
    public async Task An_edit_that_only_says_what_becomes_of_claims_leaves_what_is_open()
    {
        var known = TokenVectors.IssuerOf("RS256");
        var token = (await JudgeAsync(known, Good)).Token;
        Assert.IsNotNull(token);
        TenantTokens After(Func<Issuer, Issuer> edit) => new([new CompiledIssuer(edit(known.Model), known.Source)]);
        Assert.IsTrue(After(i => i with { RolesClaim = "roles", Headers = new([new("X-User", "sub")]) }).StillAccepts(token));
        Assert.IsFalse(After(i => i with { Audiences = ["other"] }).StillAccepts(token));
        Assert.IsFalse(After(i => i with { Algorithms = ["ES256"] }).StillAccepts(token));
        Assert.IsFalse(After(i => i with { Url = "https://other.example" }).StillAccepts(token));
    }

    [TestMethod]
    public async Task Claims_become_roles_scopes_tags_client_id_and_headers()
    {
        var known = TokenVectors.IssuerOf("RS256");
        var issuer = new CompiledIssuer(
            known.Model with
            {
                RolesClaim = "realm_access.roles",
                ConsumerClaim = "azp",
                ClientIdClaim = "azp",
                Attributes = new([new("deep", "nested.a.b"), new("rank", "https://acme.example/tier")]),
                Headers = new([new("X-User", "sub"), new("X-Roles", "roles"), new("X-None", "not.there"), new("X-Object", "nested")]),
            },
            known.Source);
        var token = (await JudgeAsync(issuer, Good)).Token;
        Assert.IsNotNull(token);
        Assert.AreEqual("idp/alice", token.Name);
        CollectionAssert.AreEqual(new[] { "admin" }, token.Roles);
        CollectionAssert.AreEqual(new[] { "read", "write" }, token.Scopes);
        Assert.AreEqual("mobile", token.Consumer);
        Assert.AreEqual("mobile", token.ClientId);
        Assert.AreEqual("c", token.Tags["deep"]);
        Assert.AreEqual("gold", token.Tags["rank"]);
        Assert.AreEqual("42", token.Tags["n"]);
        Assert.AreEqual("true", token.Tags["ok"]);
        CollectionAssert.AreEqual(new[] { ("X-User", "alice"), ("X-Roles", "reader,clerk") }, token.Headers);
    }

    [TestMethod]
    [DataRow("azp", null, true)]
    [DataRow("azp", "mobile", true)]
    [DataRow("azp", "web", false)]
    [DataRow("roles", "clerk", true)]
    [DataRow("roles", "admin", false)]
    [DataRow("realm_access.roles", "admin", true)]
    [DataRow("ok", "true", true)]
    [DataRow("n", "43", false)]
    [DataRow("missing", null, false)]
    public async Task Required_claims_must_be_there(string claim, string? value, bool isAccepted)
    {
        var known = TokenVectors.IssuerOf("RS256");
        var issuer = new CompiledIssuer(known.Model with { RequiredClaims = [new ValueMatch { Name = claim, Value = value }] }, known.Source);
        Assert.AreEqual(isAccepted, (await JudgeAsync(issuer, Good)).Token is not null);
    }

    [TestMethod]
    public async Task Any_audience_will_do_where_that_is_stated()
    {
        var known = TokenVectors.IssuerOf("RS256");
        var issuer = new CompiledIssuer(known.Model with { Audiences = ["*"] }, known.Source);
        Assert.IsNotNull((await JudgeAsync(issuer, TokenVectors.Of("aud of another"))).Token);
        Assert.AreSame(TokenFault.Audience, (await JudgeAsync(known, TokenVectors.Of("aud of another"))).Fault);
    }

    [TestMethod]
    public async Task Without_a_key_at_hand_a_token_is_shown_and_never_let_through()
    {
        var issuers = new TenantTokens([new CompiledIssuer(TokenVectors.IssuerOf("RS256").Model, NoKeySource.Instance)]);
        var memory = new TokenMemory(TokenMemory.Most);
        Assert.IsNotNull((await new TokenGate(memory, TokenChecks.WithoutSignature, TokenVectors.Clock()).JudgeAsync("acme", issuers, Good.Token, CancellationToken.None)).Token);
        var gate = new TokenGate(memory, TokenChecks.Full, TokenVectors.Clock());
        Assert.IsNull(gate.Remembered("acme", issuers, Good.Token));
        Assert.AreSame(TokenFault.NoKeys, (await gate.JudgeAsync("acme", issuers, Good.Token, CancellationToken.None)).Fault);
    }

    private static async Task<TokenVerdict> JudgeAsync(CompiledIssuer issuer, TokenVector vector) =>
        await new TokenGate(new TokenMemory(TokenMemory.Most), TokenChecks.Full, TokenVectors.Clock()).JudgeAsync("acme", new TenantTokens([issuer]), vector.Token, CancellationToken.None);
}
