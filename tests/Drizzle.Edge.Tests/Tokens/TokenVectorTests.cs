using Drizzle.Edge.Tokens;

namespace Drizzle.Edge.Tests.Tokens;

/// <summary>Tokens of an independent library, good ones and attacks, each judged by itself.</summary>
[TestClass]
public sealed class TokenVectorTests
{
    public static IEnumerable<TokenVector> Cases => TokenVectors.All;

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task A_token_is_accepted_or_refused_as_it_should_be(TokenVector vector)
    {
        var memory = new TokenMemory(TokenMemory.Most);
        var gate = new TokenGate(memory, TokenChecks.Full, TokenVectors.Clock());
        var issuers = new TenantTokens([TokenVectors.IssuerOf(vector.Algorithms)]);
        var verdict = await gate.JudgeAsync("acme", issuers, vector.Token, CancellationToken.None);
        Assert.AreEqual(vector.Accepted, verdict.Token is not null, $"{vector.Why} {verdict.Fault?.Why}");
        Assert.AreNotEqual(verdict.Token is null, verdict.Fault is null);
        Assert.AreEqual(vector.Accepted, gate.Remembered("acme", issuers, vector.Token) is not null, "What is refused is not remembered.");
    }

    [TestMethod]
    public void There_are_as_many_as_there_were() => Assert.IsGreaterThanOrEqualTo(200, TokenVectors.All.Count);
}
