using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>Who may do what: every operation that the description names, with every kind of caller.</summary>
[TestClass]
public sealed class AccessTests
{
    private const string NoSuchTenant = "There is no tenant 'acme'.";

    private enum Role
    {
        Viewer,
        Editor,
        Owner,
        Platform,
    }

    [TestMethod]
    public async Task Every_operation_is_for_whom_it_is_for_and_nobody_else()
    {
        await using var drizzle = await PrepareAsync();
        var operations = await OperationsAsync(drizzle);
        Assert.IsGreaterThan(45, operations.Count);
        using var strangers = new CallerSet();
        strangers.Add(new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], null));
        strangers.Add(new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], "drzadm_wrong"));
        strangers.Add(new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", "owner", "1ms")));
        using var foreigners = new CallerSet();
        foreach (var role in (string[])["viewer", "editor", "owner"]) foreigners.Add(new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "other", role)));
        using var own = new CallerSet();
        foreach (var role in (string[])["viewer", "editor", "owner"]) own.Add(new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", role)));

        foreach (var (method, path) in operations)
        {
            if (IsOpen(path))
            {
                var (wanted, answer) = ((method, path) switch { ("GET", _) => 200, (_, "/v1/login") => 400, _ => 403 }, await SendAsync(strangers.All[0], method, path));
                Assert.AreEqual(wanted, answer.Status, $"a stranger: {method} {path}");
                continue;
            }
            var least = LeastRole(method, path);
            foreach (var stranger in strangers.All) Assert.AreEqual(401, (await SendAsync(stranger, method, path)).Status, $"a stranger: {method} {path}");
            foreach (var foreigner in foreigners.All) await ExpectWallAsync(foreigner, method, path, least);
            for (var role = Role.Viewer; role <= Role.Owner; role++)
            {
                var answer = await SendAsync(own.All[(int)role], method, path);
                Assert.AreEqual(role < least, answer.Status == 403, $"{role}: {method} {path} gave {answer.Status}");
                Assert.AreNotEqual(401, answer.Status, $"{role}: {method} {path}");
            }
            // One that states no rule is refused to everybody, and so it is found here.
            Assert.AreNotEqual(403, (await SendAsync(drizzle.Api, method, path)).Status, $"the platform's owner: {method} {path}");
        }
    }

    [TestMethod]
    public async Task What_is_listed_is_the_callers_own()
    {
        await using var drizzle = await PrepareAsync();
        using var viewer = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", "viewer"));
        Assert.AreEqual("acme", Assert.ContainsSingle((await viewer.GetAsync("/v1/tenants")).IsDone().Body.EnumerateArray()).GetProperty("slug").GetString());
        var revisions = (await viewer.GetAsync("/v1/revisions")).IsDone().Body.EnumerateArray().ToArray();
        Assert.IsNotEmpty(revisions);
        Assert.IsTrue(revisions.All(r => r.GetProperty("scope").GetString() == "acme"));
        foreach (var scope in (string[])["other", "platform", "nobody"]) (await viewer.GetAsync($"/v1/revisions?tenant={scope}")).Is(404, "not-found");
        var foreign = (await drizzle.Api.GetAsync("/v1/revisions?tenant=other")).IsDone().Body[0].GetProperty("revision").GetInt64();
        (await viewer.GetAsync($"/v1/revisions/{foreign}/receipt")).Is(404, "not-found");
        (await viewer.GetAsync($"/v1/revisions/{revisions[0].GetProperty("revision").GetInt64()}/receipt")).IsDone();
    }

    [TestMethod]
    public async Task A_tenants_own_people_give_it_no_hosts_and_make_no_tenants()
    {
        await using var drizzle = await PrepareAsync();
        using var owner = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", "owner"));
        (await owner.PutAsync("/v1/tenants/acme", """{"slug":"acme","hosts":["api.acme.test"],"name":"Renamed"}""")).IsDone();
        (await owner.PutAsync("/v1/tenants/acme", """{"slug":"acme","name":"Left out"}""")).IsDone();
        (await owner.PutAsync("/v1/tenants/acme", """{"slug":"acme","hosts":["api.acme.test","other.test"]}""")).Is(403, "forbidden");
        (await owner.PutAsync("/v1/tenants/acme?prune=true", """{"slug":"acme"}""")).Is(403, "forbidden");
        (await owner.PutAsync("/v1/tenants/brand-new", """{"slug":"brand-new"}""")).Is(404, "not-found");
        (await owner.SendAsync("POST", "/v1/tenants", """{"slug":"brand-new"}""")).Is(403, "forbidden");
        var before = (await drizzle.Api.GetAsync("/v1/revisions?tenant=acme&limit=1")).IsDone().Body[0].GetProperty("revision").GetInt64();
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme","hosts":["api.acme.test","new.acme.test"]}""")).IsDone();
        (await owner.SendAsync("POST", "/v1/tenants/acme/rollback", $$"""{"revision":{{before}}}""")).Is(403, "forbidden");
    }

    [TestMethod]
    public async Task A_token_gives_no_more_than_its_makers_role_and_goes_with_its_tenant()
    {
        await using var drizzle = await PrepareAsync();
        using var owner = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", "owner"));
        (await owner.SendAsync("POST", "/v1/tenants/acme/tokens", """{"name":"up","role":"platformOwner"}""")).Is(422, "invalid");
        (await owner.SendAsync("POST", "/v1/tenants/acme/tokens", """{"name":"up","role":"root"}""")).Is(400, "malformed");
        (await owner.SendAsync("POST", "/v1/tenants/acme/tokens", """{"name":"up","scope":""}""")).Is(400, "malformed");
        (await drizzle.Api.SendAsync("POST", "/v1/tokens", """{"name":"up","role":"viewer"}""")).Is(422, "invalid");
        (await drizzle.Api.SendAsync("POST", "/v1/tenants/nobody/tokens", """{"name":"early"}""")).Is(404, "not-found");
        var least = (await owner.SendAsync("POST", "/v1/tenants/acme/tokens", """{"name":"least"}""")).IsDone().Body;
        Assert.AreEqual("viewer", least.GetProperty("role").GetString());

        var listed = (await owner.GetAsync("/v1/tenants/acme/tokens")).IsDone().Body;
        Assert.DoesNotContain(least.GetProperty("token").GetString() ?? "?", listed.GetRawText());
        Assert.DoesNotContain("hash", listed.GetRawText());
        Assert.IsTrue(listed.EnumerateArray().Single(t => t.GetProperty("name").GetString() == "owner").TryGetProperty("lastUsedAt", out _), "it was used just now");

        (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme")).IsDone();
        Assert.AreEqual(401, (await owner.GetAsync("/v1/tenants")).Status);
        (await drizzle.Api.SendAsync("POST", "/v1/tenants", """{"slug":"acme"}""")).IsDone();
        Assert.AreEqual(401, (await owner.GetAsync("/v1/tenants")).Status, "whoever has the name now is another");
    }

    [TestMethod]
    public async Task What_a_slugs_former_tenant_did_is_none_of_its_successors()
    {
        await using var drizzle = await PrepareAsync();
        var former = (await drizzle.Api.GetAsync("/v1/revisions?tenant=acme&limit=1")).IsDone().Body[0].GetProperty("revision").GetInt64();
        (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme")).IsDone();
        (await drizzle.Api.SendAsync("POST", "/v1/tenants", """{"slug":"acme"}""")).IsDone();
        using var editor = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], await TokenAsync(drizzle, "acme", "editor"));
        Assert.HasCount(1, (await editor.GetAsync("/v1/revisions")).IsDone().Body.EnumerateArray());
        (await editor.GetAsync($"/v1/tenants/acme/diff?from={former}")).Is(404, "not-found");
        (await editor.SendAsync("POST", "/v1/tenants/acme/rollback", $$"""{"revision":{{former}}}""")).Is(404, "not-found");
        Assert.IsGreaterThan(2, (await drizzle.Api.GetAsync("/v1/revisions?tenant=acme")).IsDone().Body.GetArrayLength(), "the platform's owner sees all");
    }

    [TestMethod]
    public async Task A_platform_token_that_expires_is_none_to_be_left_with()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        (await drizzle.Api.SendAsync("POST", "/v1/tokens", """{"name":"brief","expiresIn":"30d"}""")).IsDone();
        (await drizzle.Api.SendAsync("DELETE", "/v1/tokens/root")).Is(409, "last-token");
        (await drizzle.Api.SendAsync("POST", "/v1/tokens", """{"name":"lasting"}""")).IsDone();
        (await drizzle.Api.SendAsync("DELETE", "/v1/tokens/root")).IsDone();
    }

    [TestMethod]
    public async Task The_history_names_the_tenants_token_and_its_address()
    {
        await using var drizzle = await PrepareAsync();
        var token = await TokenAsync(drizzle, "acme", "editor");
        (await drizzle.RunAsync("create", "consumer", "web", "-t", "acme", "--token", token)).Ended(0);
        var newest = (await drizzle.Api.GetAsync("/v1/revisions?limit=1")).IsDone().Body[0];
        Assert.AreEqual("acme/editor", newest.GetProperty("actor").GetString());
        Assert.AreEqual("127.0.0.1", newest.GetProperty("address").GetString());
    }

    /// <summary>What the documentation says, said here once more: whoever adds an operation says here whom it is for.</summary>
    private static Role LeastRole(string method, string path) => (method, path) switch
    {
        ("GET", "/v1/tenants" or "/v1/revisions" or "/v1/revisions/{revision}/receipt") => Role.Viewer,
        (_, "/v1/session" or "/v1/session/password") => Role.Viewer,
        ("DELETE", "/v1/tenants/{tenant}") => Role.Platform,
        (_, "/v1/tenants/{tenant}/tokens" or "/v1/tenants/{tenant}/tokens/{name}" or "/v1/tenants/{tenant}/audit") => Role.Owner,
        (_, "/v1/tenants/{tenant}/users" or "/v1/tenants/{tenant}/users/{name}" or "/v1/tenants/{tenant}/users/{name}/password") => Role.Owner,
        (_, "/v1/users" or "/v1/users/{name}" or "/v1/users/{name}/password" or "/v1/audit") => Role.Platform,
        ("POST", "/v1/tenants/{tenant}/explain") => Role.Viewer,
        ("GET", _) when IsInTenant(path) => Role.Viewer,
        (_, _) when IsInTenant(path) => Role.Editor,
        (_, "/v1/tenants" or "/v1/tokens" or "/v1/tokens/{name}" or "/v1/edges" or "/v1/live" or "/v1/edges/{id}" or "/v1/platform" or "/v1/platform/diff" or "/v1/platform/rollback" or "/v1/platform/limits" or "/v1/platform/limits/reset" or "/v1/platform/limits/grant") => Role.Platform,
        _ => throw new AssertFailedException($"For whom is {method} {path}? Say so here."),
    };

    /// <summary>For whoever is not known yet.</summary>
    private static bool IsOpen(string path) => path is "/v1/login" or "/v1/registration";

    private static bool IsInTenant(string path) => path.StartsWith("/v1/tenants/{tenant}", StringComparison.Ordinal);

    private static async Task ExpectWallAsync(AdminApi foreigner, string method, string path, Role least)
    {
        var answer = await SendAsync(foreigner, method, path);
        if (IsInTenant(path))
        {
            answer.Is(404, "not-found");
            Assert.AreEqual(NoSuchTenant, answer.Text("detail"), $"{method} {path}");
        }
        else
        {
            Assert.AreEqual(least == Role.Platform, answer.Status == 403, $"{method} {path} gave {answer.Status}");
        }
    }

    /// <summary>Of a form that nothing comes of: what is judged here comes before that.</summary>
    private static Task<ApiAnswer> SendAsync(AdminApi caller, string method, string path)
    {
        var concrete = path.Replace("{tenant}", "acme", StringComparison.Ordinal).Replace("{revision}", "999999", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
        return caller.SendAsync(method, concrete + "?dryRun=true&from=1", method is "GET" or "DELETE" || concrete.EndsWith("/revoke", StringComparison.Ordinal) ? null : "[]");
    }

    private static async Task<List<(string Method, string Path)>> OperationsAsync(DrizzleProcess drizzle)
    {
        var paths = (await drizzle.Api.GetAsync("/openapi.json")).IsDone().Body.GetProperty("paths").EnumerateObject();
        return [.. paths.Where(p => p.Name.StartsWith("/v1/", StringComparison.Ordinal)).SelectMany(p => p.Value.EnumerateObject().Select(o => (o.Name.ToUpperInvariant(), p.Name)))];
    }

    private static async Task<DrizzleProcess> PrepareAsync()
    {
        var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        (await drizzle.Api.PutAsync("/v1/tenants/other", """{"slug":"other"}""")).IsDone();
        return drizzle;
    }

    /// <summary>A token that is named after its role.</summary>
    private static async Task<string> TokenAsync(DrizzleProcess drizzle, string tenant, string role, string? expires = null)
    {
        string[] more = expires is null ? [] : ["--expires", expires];
        var name = expires is null ? role : "expired";
        return (await drizzle.RunAsync(["create", "token", name, "-t", tenant, "--role", role, "-o", "json", .. more])).Ended(0).Json.GetProperty("token").GetString() ?? "";
    }

    private sealed class CallerSet : IDisposable
    {
        public List<AdminApi> All { get; } = [];

        public void Add(AdminApi caller) => All.Add(caller);

        public void Dispose() => All.ForEach(caller => caller.Dispose());
    }
}
