using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>What is said of a request is what happens to it.</summary>
[TestClass]
public sealed class ExplainTests
{
    private static string Configuration(string upstream) => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [api.acme.test]
            services:
              - { slug: orders, destinations: [{ url: "{{upstream}}/base" }], keyHeader: X-Orders-Key }
            plans: [{ name: small, limits: [{ name: few, rate: 1/d, burst: 2 }] }]
            consumers: [{ name: mobile, plan: small }, { name: web }]
            routes:
              - { name: read, service: orders, match: { paths: ["/orders/**"], methods: [GET] } }
              - { name: read-seven, service: orders, auth: none, match: { paths: [/orders/7], headers: [{ name: X-Beta }] } }
              - { name: hosted, service: orders, auth: none, match: { hosts: [api.acme.test], paths: [/hosted], query: [{ name: on, value: "1" }] } }
              - { name: browser, service: orders, auth: none, cors: { origins: ["https://app.test"] }, match: { paths: [/browser], methods: [POST] } }
              - { name: first, service: orders, auth: none, priority: 5, transforms: { stripPrefix: /old }, match: { paths: ["/old/**"] } }
          - slug: other
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [api.other.test]
            services: [{ slug: theirs, destinations: [{ url: "{{upstream}}" }] }]
            routes: [{ name: secret-route, service: theirs, auth: none, match: { paths: ["/**"] } }]
        """;

    [TestMethod]
    public async Task What_is_said_is_what_happens()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configuration(upstream.Url));
        var web = await drizzle.CreateKeyAsync("acme", "web");
        (string Method, string Host, string Path, string[] Headers)[] requests =
        [
            ("GET", "api.acme.test", "/orders/7", []),
            ("GET", "api.acme.test", "/orders/7", ["X-Beta: yes"]),
            ("GET", "api.acme.test", "/orders/8?x=1", [$"X-Orders-Key: {web}"]),
            ("GET", "api.acme.test", "/orders/8", [$"X-API-Key: {web}"]),
            ("GET", "api.acme.test", "/orders/8", [$"Authorization: Bearer {web}"]),
            ("GET", "api.acme.test", "/orders/8", ["X-Orders-Key: drz_00000000_nothing"]),
            ("DELETE", "api.acme.test", "/orders/8", [$"X-Orders-Key: {web}"]),
            ("GET", "elsewhere.test", "/acme/orders/a/b", [$"X-Orders-Key: {web}"]),
            ("GET", "elsewhere.test", "/acme/old//x/../y", []),
            ("GET", "elsewhere.test", "/acme/hosted?on=1", []),
            ("GET", "api.acme.test", "/hosted?on=1", []),
            ("GET", "api.acme.test", "/hosted?on=2", []),
            ("GET", "api.acme.test", "/old/a%2fb", []),
            ("OPTIONS", "api.acme.test", "/browser", ["Origin: https://app.test", "Access-Control-Request-Method: POST"]),
            ("get", "api.acme.test", "/old/x", []),
            ("GET", "api.acme.test", "/nothing/here", []),
            ("POST", "api.acme.test", "/old/x", ["Content-Length: 99999999"]),
            ("GET", "api.other.test", "/acme/orders/1", []),
        ];
        foreach (var request in requests)
        {
            var before = upstream.Seen.Count;
            var told = (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", Json(request))).IsDone();
            Assert.AreEqual(before, upstream.Seen.Count, "explaining sends nothing");
            Assert.DoesNotContain(web, told.Body.GetRawText());
            var (status, reached) = await MakeAsync(drizzle, upstream, request);
            var outcome = told.Text("outcome");
            if (request.Host == "api.other.test")
            {
                Assert.AreEqual("refused", outcome, "another tenant's requests are not told of");
                Assert.DoesNotContain("secret", told.Body.GetRawText());
            }
            else if (outcome == "forwarded")
            {
                Assert.AreEqual(200, status, told.Body.GetRawText());
                Assert.AreEqual($"{upstream.Url}{reached}", told.Text("destination"), $"{request}");
            }
            else
            {
                Assert.AreEqual(told.Body.GetProperty("status").GetInt32(), status, $"{request}: {told.Body.GetRawText()}");
            }
        }
    }

    [TestMethod]
    public async Task A_limit_is_shown_as_it_is_and_not_charged()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configuration(upstream.Url));
        var key = await drizzle.CreateKeyAsync("acme", "mobile");
        string[] asked = ["explain", "GET", "http://api.acme.test/orders/1", "-t", "acme", "-H", $"X-Orders-Key: {key}"];
        for (var used = 0; used < 2; used++)
        {
            for (var i = 0; i < 3; i++) Assert.AreEqual(2 - used, Few(await drizzle.RunAsync([.. asked, "-o", "json"])).GetProperty("level").GetInt64());
            Assert.AreEqual(200, (await MakeAsync(drizzle, upstream, ("GET", "api.acme.test", "/orders/1", [$"X-Orders-Key: {key}"]))).Status);
        }
        var shown = (await drizzle.RunAsync(asked)).Ended(0).Out;
        Assert.Contains("Refused with 429", shown);
        Assert.Contains("acme/plan:small/few [mobile]: 0 of 2 left, takes 1", shown);

        static JsonElement Few(ProgramRun run) => run.Ended(0).Json.GetProperty("limits").EnumerateArray().Single(l => (l.GetProperty("name").GetString() ?? "").EndsWith("/few", StringComparison.Ordinal));
    }

    [TestMethod]
    public async Task Each_route_that_lost_has_its_reason()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configuration(upstream.Url));
        Expect(await LostAsync(drizzle, ("GET", "api.acme.test", "/orders/7", ["X-Beta: 1"])), ("read", "matches too, but read-seven has the more exact path"), ("first", "no path of it covers /orders/7: /old/**"));
        Expect(await LostAsync(drizzle, ("GET", "api.acme.test", "/orders/7", [])), ("read-seven", "wants the header X-Beta"));
        Expect(await LostAsync(drizzle, ("PUT", "api.acme.test", "/orders/7", [])), ("read", "takes other methods: GET"));
        Expect(await LostAsync(drizzle, ("GET", "api.acme.test", "/hosted", [])), ("hosted", "wants the query parameter on=1"));
        Expect(await LostAsync(drizzle, ("GET", "x.test", "/acme/hosted?on=1", [])), ("hosted", "answers on its hosts alone, not under /acme: api.acme.test"));
        Expect(await LostAsync(drizzle, ("GET", "x.test", "/acme/orders/1", [])), ("orders", "matches too, but read names its methods"));
    }

    [TestMethod]
    public async Task Whoever_explains_takes_nobodys_turn()
    {
        await using var first = await TestUpstream.StartAsync();
        await using var second = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync($$"""
            {{Configurations.Platform}}
            tenants: [{ slug: acme, policies: [{ name: all, cedar: 'permit(principal, action, resource);' }], services: [{ slug: s, destinations: [{ url: "{{first.Url}}" }, { url: "{{second.Url}}" }] }], routes: [{ name: r, service: s, auth: none, match: { paths: ["/**"] } }] }]
            """);
        for (var i = 0; i < 4; i++)
        {
            var told = (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", Json(("GET", "x.test", $"/acme/{i}", [])))).IsDone().Text("destination");
            Assert.AreEqual(told, (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", Json(("GET", "x.test", $"/acme/{i}", [])))).IsDone().Text("destination"));
            Assert.AreEqual(200, await drizzle.StatusOfAsync($"/acme/{i}"));
            Assert.AreEqual(told.StartsWith(first.Url, StringComparison.Ordinal), first.Seen.Any(r => r.Target == $"/{i}"), told);
        }
    }

    [TestMethod]
    public async Task A_tenants_own_people_see_no_level_of_the_platforms_limits_and_nobody_sees_a_credential()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configuration("http://127.0.0.1:9") + """

              - slug: counting
                policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
                services: [{ slug: s, destinations: [{ url: "http://127.0.0.1:9" }], limits: [{ name: by-key, rate: 1/s, burst: 1, by: ["header:X-API-Key"] }] }]
                consumers: [{ name: c }]
            """);
        var key = await drizzle.CreateKeyAsync("counting", "c");
        Assert.DoesNotContain(key, (await drizzle.Api.SendAsync("POST", "/v1/tenants/counting/explain", Json(("GET", "x.test", "/counting/s/1", [$"X-API-Key: {key}"])))).IsDone().Body.GetRawText());
        var token = (await drizzle.RunAsync("create", "token", "v", "-t", "acme", "-o", "json")).Ended(0).Json.GetProperty("token").GetString();
        using var viewer = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], token);
        var limit = (await viewer.SendAsync("POST", "/v1/tenants/acme/explain", Json(("GET", "api.acme.test", "/orders/1", [])))).IsDone().Body.GetProperty("limits")[0];
        Assert.AreEqual("platform/address", limit.GetProperty("name").GetString());
        Assert.IsFalse(limit.TryGetProperty("level", out _));
    }

    [TestMethod]
    public async Task Revoked_and_expired_keys_are_told_apart_here_alone()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configuration("http://127.0.0.1:9"));
        var revoked = (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "web", "-o", "json")).Ended(0).Json;
        (await drizzle.RunAsync("revoke", "key", revoked.GetProperty("prefix").GetString() ?? "", "-t", "acme", "--wait")).Ended(0);
        var expired = (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "web", "--expires", "1ms", "-o", "json", "--wait")).Ended(0).Json;
        await ExpectAsync(revoked.GetProperty("key").GetString() ?? "", "The key is revoked.");
        await ExpectAsync(expired.GetProperty("key").GetString() ?? "", "The key ended at ");
        await ExpectAsync("drz_guess", "No key of this tenant is what was sent.");

        async Task ExpectAsync(string key, string why)
        {
            var told = (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", Json(("GET", "api.acme.test", "/orders/1", [$"X-Orders-Key: {key}"])))).IsDone();
            Assert.AreEqual(401, told.Body.GetProperty("status").GetInt32());
            Assert.StartsWith(why, told.Body.GetProperty("credential").GetProperty("why").GetString() ?? "");
        }
    }

    [TestMethod]
    public async Task Bad_questions_are_answered_as_such()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        foreach (var (body, path) in new[]
        {
            ("""{"url":"ftp://x"}""", "url"),
            ($$"""{"url":"/{{new string('a', 40_000)}}"}""", "url"),
            ("""{"url":"/","address":"nowhere"}""", "address"),
            ("""{"url":"/","headers":[{"name":"a b","value":"c"}]}""", "headers"),
            ("""{"url":"/","headers":[{"name":"a","value":"b\r\nc: d"}]}""", "headers"),
        })
        {
            Assert.AreEqual(path, (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", body)).Is(422, "invalid").Body.GetProperty("errors")[0].GetProperty("path").GetString());
        }
        (await drizzle.RunAsync("explain", "GET", "/", "-t", "nobody")).Ended(1);
        (await drizzle.RunAsync("explain", "GET", "/", "-t", "acme", "-H", "nothing")).Ended(2);
        Assert.AreEqual(400, (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", """{"url":"/%zz"}""")).IsDone().Body.GetProperty("status").GetInt32());
    }

    [TestMethod]
    public async Task Policies_are_tried_without_being_stored()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        const string Asked = "/acme/open/1";
        Assert.AreEqual("forwarded", await OutcomeAsync(""));
        Assert.AreEqual("refused", await OutcomeAsync("""{"name":"night","cedar":"forbid(principal, action, resource);"}"""), "It stands beside the others.");
        Assert.AreEqual("refused", await OutcomeAsync("""{"name":"all","cedar":"permit(principal is Key, action, resource);"}"""), "It takes the place of the one of its name.");
        Assert.AreEqual("forwarded", await OutcomeAsync("""{"name":"night","cedar":"forbid(principal, action, resource);","mode":"shadow"}"""));
        Assert.AreEqual("forwarded", await OutcomeAsync("""{"name":"night","cedar":"permit(principal, action, resource);","tests":[{"request":"GET public","expect":"deny"}]}"""), "Tests are not run.");
        var told = await ExplainAsync("""{"name":"night","cedar":"forbid(principal, action, resource) when { context.nothing };"}""");
        var error = told.Is(422, "invalid").Body.GetProperty("errors")[0];
        Assert.AreEqual("policies", error.GetProperty("path").GetString());
        Assert.StartsWith("night: ", error.GetProperty("message").GetString() ?? "");
        Assert.AreEqual(200, await drizzle.StatusOfAsync(Asked, null), "Nothing of it is in force.");

        Task<ApiAnswer> ExplainAsync(string policy) => drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", $$"""{"url":"{{Asked}}","policies":[{{policy}}]}""");

        async Task<string> OutcomeAsync(string policy) => (await ExplainAsync(policy)).IsDone().Text("outcome");
    }

    private static string Json((string Method, string Host, string Path, string[] Headers) request) => JsonSerializer.Serialize(new
    {
        method = request.Method,
        url = $"http://{request.Host}{request.Path}",
        headers = request.Headers.Select(h => h.Split(": ", 2)).Select(h => new { name = h[0], value = h[1] }),
    });

    private static async Task<(int Status, string Path)> MakeAsync(DrizzleProcess drizzle, TestUpstream upstream, (string Method, string Host, string Path, string[] Headers) request)
    {
        var before = upstream.Seen.Count;
        var answer = await RawClient.ExchangeAsync(new Uri($"http://127.0.0.1:{drizzle.GatewayPort}"), $"{request.Method} {request.Path} HTTP/1.1\r\nHost: {request.Host}\r\nConnection: close\r\n{string.Concat(request.Headers.Select(h => h + "\r\n"))}\r\n");
        return (RawClient.StatusOf(answer), upstream.Seen.Count > before ? upstream.Seen.Last().Target : "");
    }

    private static async Task<JsonElement[]> LostAsync(DrizzleProcess drizzle, (string Method, string Host, string Path, string[] Headers) request) =>
        [.. (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/explain", Json(request))).IsDone().Body.GetProperty("lost").EnumerateArray()];

    private static void Expect(JsonElement[] lost, params (string Name, string Why)[] expected)
    {
        foreach (var (name, why) in expected) Assert.IsTrue(lost.Any(l => l.GetProperty("name").GetString() == name && l.GetProperty("why").GetString() == why), $"{name} {why}, not in {string.Join("\n", lost)}");
    }
}
