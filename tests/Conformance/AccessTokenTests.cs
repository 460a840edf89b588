using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

public abstract class AccessTokenTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IAccessTokens Tokens => Engine.Tokens;

    [TestMethod]
    public async Task A_token_is_found_by_its_hash_alone()
    {
        var token = Token("root", 'a');
        Assert.IsTrue(await Tokens.AddAsync(token, Writing.Author, Stop));
        Assert.AreEqual(token, await Tokens.FindAsync(token.Hash, Stop));
        Assert.IsNull(await Tokens.FindAsync(new string('b', 64), Stop));
        Assert.IsNull(await Tokens.FindAsync("root", Stop));
        Assert.IsNull(await Tokens.FindAsync("", Stop));
    }

    [TestMethod]
    public async Task A_name_or_a_hash_that_is_taken_is_refused_and_changes_nothing()
    {
        var token = Token("root", 'a');
        await Tokens.AddAsync(token, Writing.Author, Stop);
        Assert.IsFalse(await Tokens.AddAsync(Token("root", 'b'), Writing.Author, Stop));
        Assert.IsFalse(await Tokens.AddAsync(Token("other", 'a'), Writing.Author, Stop));
        Assert.AreEqual(token, Assert.ContainsSingle(await Tokens.ListAsync("", Stop)));
        Assert.IsNull(await Tokens.FindAsync(Token("root", 'b').Hash, Stop));
    }

    [TestMethod]
    public async Task A_deleted_token_is_gone_and_its_name_is_free()
    {
        var token = Token("ci", 'a');
        Assert.IsFalse(await Tokens.DeleteAsync("", "ci", Writing.Author, Stop));
        await Tokens.AddAsync(token, Writing.Author, Stop);
        Assert.IsTrue(await Tokens.DeleteAsync("", "ci", Writing.Author, Stop));
        Assert.IsFalse(await Tokens.DeleteAsync("", "ci", Writing.Author, Stop));
        Assert.IsNull(await Tokens.FindAsync(token.Hash, Stop));
        Assert.IsTrue(await Tokens.AddAsync(Token("ci", 'b'), Writing.Author, Stop));
    }

    [TestMethod]
    public async Task Tokens_are_listed_by_name_and_survive_reopening()
    {
        var root = Token("root", 'a');
        var ci = Token("ci", 'b') with { CreatedAt = new(2026, 3, 4, 5, 6, 7, 8, TimeSpan.Zero) };
        var gone = Token("gone", 'c');
        foreach (var token in new[] { root, ci, gone }) await Tokens.AddAsync(token, Writing.Author, Stop);
        await Tokens.DeleteAsync("", "gone", Writing.Author, Stop);
        await ReopenAsync();
        Assert.AreSequenceEqual(new[] { ci, root }, await Tokens.ListAsync("", Stop));
        Assert.AreEqual(ci, await Tokens.FindAsync(ci.Hash, Stop));
        Assert.IsNull(await Tokens.FindAsync(gone.Hash, Stop));
    }

    [TestMethod]
    public async Task Everything_about_a_token_is_kept()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        var token = Token("ci", 'a') with { Scope = "acme", Role = AccessRole.Editor, ExpiresAt = Clock.GetUtcNow().AddDays(30) };
        await Tokens.AddAsync(token, Writing.Author, Stop);
        await ReopenAsync();
        Assert.AreEqual(token, await Tokens.FindAsync(token.Hash, Stop));
        await Tokens.UsedAsync(token.Hash, Clock.GetUtcNow().AddMinutes(1), Stop);
        Assert.AreEqual(token with { LastUsedAt = Clock.GetUtcNow().AddMinutes(1) }, Assert.ContainsSingle(await Tokens.ListAsync("acme", Stop)));
    }

    [TestMethod]
    public async Task Each_tenant_has_its_own_tokens_which_go_with_it()
    {
        var acme = await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        await Engine.Store.WriteAsync(0, Writing.Document("other"), Stop);
        AccessToken[] tokens = [Token("ci", 'a'), Token("ci", 'b') with { Scope = "acme" }, Token("ci", 'c') with { Scope = "other" }];
        foreach (var token in tokens) Assert.IsTrue(await Tokens.AddAsync(token, Writing.Author, Stop));
        Assert.IsFalse(await Tokens.AddAsync(Token("ci", 'd') with { Scope = "nobody" }, Writing.Author, Stop), "there is no such tenant");
        Assert.IsFalse(await Tokens.DeleteAsync("nobody", "ci", Writing.Author, Stop));
        await Engine.Store.DeleteAsync("acme", acme, Stop);
        Assert.IsEmpty(await Tokens.ListAsync("acme", Stop));
        Assert.IsNull(await Tokens.FindAsync(tokens[1].Hash, Stop));
        Assert.AreEqual(tokens[0], Assert.ContainsSingle(await Tokens.ListAsync("", Stop)));
        Assert.AreEqual(tokens[2], Assert.ContainsSingle(await Tokens.ListAsync("other", Stop)));
        Assert.IsFalse(await Tokens.AddAsync(Token("late", 'e') with { Scope = "acme" }, Writing.Author, Stop), "the tenant is gone");
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        Assert.IsEmpty(await Tokens.ListAsync("acme", Stop));
    }

    private AccessToken Token(string name, char digit) => new("", name, new string(digit, 64), AccessRole.PlatformOwner, Clock.GetUtcNow());
}
