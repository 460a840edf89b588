using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

public abstract class AccessTokenTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IAccessTokens Tokens => Engine.Tokens;

    [TestMethod]
    public async Task A_token_is_found_by_its_hash_alone()
    {
        var token = Token("root", 'a');
        Assert.IsTrue(await Tokens.AddAsync(token, Stop));
        Assert.AreEqual(token, await Tokens.FindAsync(token.Hash, Stop));
        Assert.IsNull(await Tokens.FindAsync(new string('b', 64), Stop));
        Assert.IsNull(await Tokens.FindAsync("root", Stop));
        Assert.IsNull(await Tokens.FindAsync("", Stop));
    }

    [TestMethod]
    public async Task A_name_or_a_hash_that_is_taken_is_refused_and_changes_nothing()
    {
        var token = Token("root", 'a');
        await Tokens.AddAsync(token, Stop);
        Assert.IsFalse(await Tokens.AddAsync(Token("root", 'b'), Stop));
        Assert.IsFalse(await Tokens.AddAsync(Token("other", 'a'), Stop));
        Assert.AreEqual(token, Assert.ContainsSingle(await Tokens.ListAsync(Stop)));
        Assert.IsNull(await Tokens.FindAsync(Token("root", 'b').Hash, Stop));
    }

    [TestMethod]
    public async Task A_deleted_token_is_gone_and_its_name_is_free()
    {
        var token = Token("ci", 'a');
        Assert.IsFalse(await Tokens.DeleteAsync("ci", Stop));
        await Tokens.AddAsync(token, Stop);
        Assert.IsTrue(await Tokens.DeleteAsync("ci", Stop));
        Assert.IsFalse(await Tokens.DeleteAsync("ci", Stop));
        Assert.IsNull(await Tokens.FindAsync(token.Hash, Stop));
        Assert.IsTrue(await Tokens.AddAsync(Token("ci", 'b'), Stop));
    }

    [TestMethod]
    public async Task Tokens_are_listed_by_name_and_survive_reopening()
    {
        var root = Token("root", 'a');
        var ci = Token("ci", 'b') with { CreatedAt = new(2026, 3, 4, 5, 6, 7, 8, TimeSpan.Zero) };
        var gone = Token("gone", 'c');
        foreach (var token in new[] { root, ci, gone }) await Tokens.AddAsync(token, Stop);
        await Tokens.DeleteAsync("gone", Stop);
        await ReopenAsync();
        Assert.AreSequenceEqual(new[] { ci, root }, await Tokens.ListAsync(Stop));
        Assert.AreEqual(ci, await Tokens.FindAsync(ci.Hash, Stop));
        Assert.IsNull(await Tokens.FindAsync(gone.Hash, Stop));
    }

    private AccessToken Token(string name, char digit) => new(name, new string(digit, 64), Clock.GetUtcNow());
}
