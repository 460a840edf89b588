using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>Users of the console: logging in, what a browser may send, guessing, and registering.</summary>
[TestClass]
public sealed class LoginTests
{
    private const string Password = "correct horse battery";

    [TestMethod]
    public async Task A_user_logs_in_changes_something_and_logs_out()
    {
        await using var drizzle = await PrepareAsync();
        using var browser = new Browser(drizzle);
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/session")).StatusCode);
        var session = await browser.LoginAsync("acme", "jo@acme.test", Password);
        Assert.AreEqual("editor", session.GetProperty("role").GetString());
        Assert.AreEqual("acme", session.GetProperty("tenant").GetString());
        var cookie = browser.CookieText;
        foreach (var part in (string[])["httponly", "samesite=strict", "path=/"]) Assert.Contains(part, cookie.ToLowerInvariant());

        Assert.AreEqual(HttpStatusCode.OK, (await browser.GetAsync("/v1/tenants/acme")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await browser.GetAsync("/v1/tenants/other")).StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, (await browser.PutAsync("/v1/tenants/acme/consumers/web", """{"name":"web"}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await browser.PutAsync("/v1/tenants/acme/users/jo@acme.test", """{"role":"owner"}""")).StatusCode, "an editor makes nobody an owner");
        Assert.AreEqual("acme/user:jo@acme.test", (await drizzle.Api.GetAsync("/v1/revisions?limit=1")).IsDone().Body[0].GetProperty("actor").GetString());

        Assert.AreEqual(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/session")).StatusCode);
        browser.CookieText = cookie;
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/session")).StatusCode, "the session has ended, and not only the cookie");
    }

    [TestMethod]
    public async Task What_another_site_could_send_changes_nothing()
    {
        await using var drizzle = await PrepareAsync();
        using var browser = new Browser(drizzle);
        var token = (await browser.LoginAsync("acme", "jo@acme.test", Password)).GetProperty("csrfToken").GetString() ?? "";
        var before = await drizzle.RevisionAsync();
        foreach (var (csrf, name, value) in new (string?, string, string)[]
        {
            (null, "Accept", "*/*"), ("", "Accept", "*/*"), (token[..^1], "Accept", "*/*"), (new string('a', 43), "Accept", "*/*"),
            (token, "Origin", "https://evil.test"), (token, "Origin", "null"), (token, "Sec-Fetch-Site", "cross-site"), (token, "Sec-Fetch-Site", "same-site"),
        })
        {
            browser.Csrf = csrf;
            Assert.AreEqual(HttpStatusCode.Forbidden, (await browser.PutAsync("/v1/tenants/acme/consumers/web", """{"name":"web"}""", (name, value))).StatusCode, $"{csrf} {name}: {value}");
            Assert.AreEqual(HttpStatusCode.Forbidden, (await browser.SendAsync(HttpMethod.Delete, "/v1/session", null, (name, value))).StatusCode);
        }
        Assert.AreEqual(before, await drizzle.RevisionAsync());
        using var stranger = new Browser(drizzle);
        var login = JsonSerializer.Serialize(new { tenant = "acme", name = "jo@acme.test", password = Password });
        Assert.AreEqual(HttpStatusCode.Forbidden, (await stranger.SendAsync(HttpMethod.Post, "/v1/login", login, ("Origin", "https://evil.test"))).StatusCode, "nobody is logged in by another site");
        browser.Csrf = token;
        Assert.AreEqual(HttpStatusCode.OK, (await browser.PutAsync("/v1/tenants/acme/consumers/web", """{"name":"web"}""", ("Origin", $"http://127.0.0.1:{drizzle.AdminPort}"))).StatusCode);
    }

    [TestMethod]
    public async Task Guessing_is_throttled_and_audited_and_the_right_password_does_not_help_then()
    {
        await using var drizzle = await PrepareAsync();
        using var browser = new Browser(drizzle);
        for (var i = 0; i < 4; i++) Assert.AreEqual(HttpStatusCode.Unauthorized, await browser.TryAsync("acme", "jo@acme.test", $"wrong {i}"));
        await browser.LoginAsync("acme", "jo@acme.test", Password);
        for (var i = 0; i < 5; i++) Assert.AreEqual(HttpStatusCode.Unauthorized, await browser.TryAsync("acme", "jo@acme.test", $"wrong {i}"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await browser.TryAsync("acme", "jo@acme.test", Password));
        Assert.AreEqual(HttpStatusCode.OK, (await browser.GetAsync("/v1/session")).StatusCode, "who is in stays in");
        // Another user of the same origin is let in until the origin has failed too often.
        await browser.LoginAsync("other", "al", Password);
        for (var i = 0; i < 15; i++) Assert.AreEqual(HttpStatusCode.Unauthorized, await browser.TryAsync("nobody", $"user{i}", "wrong password"));
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await browser.TryAsync("other", "al", Password));
        await drizzle.KillAsync();
        await drizzle.StartAsync();
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await browser.TryAsync("other", "al", Password), "a restart forgets nothing");

        var refused = (await drizzle.Api.GetAsync("/v1/audit?action=login.refused&tenant=acme")).IsDone().Body.EnumerateArray().ToArray();
        Assert.HasCount(9, refused);
        Assert.IsTrue(refused.All(r => r.GetProperty("address").GetString() == "127.0.0.1" && r.GetProperty("subject").GetString() == "jo@acme.test"));
        Assert.DoesNotContain("wrong", (await drizzle.Api.GetAsync("/v1/audit")).IsDone().Body.GetRawText());
    }

    [TestMethod]
    public async Task Strangers_send_little_and_guess_no_faster_all_at_once()
    {
        await using var drizzle = await PrepareAsync();
        using var browser = new Browser(drizzle);
        foreach (var path in (string[])["/v1/login", "/v1/registration"])
        {
            using var large = await browser.SendAsync(HttpMethod.Post, path, $"[{string.Join(',', Enumerable.Repeat('0', 20_000))}]");
            Assert.AreEqual(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        }
        var guesses = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var guesser = new Browser(drizzle);
            return await guesser.TryAsync("acme", "jo@acme.test", $"wrong {i}");
        }));
        Assert.AreEqual((5, 15), (guesses.Count(g => g == HttpStatusCode.Unauthorized), guesses.Count(g => g == HttpStatusCode.TooManyRequests)));
    }

    [TestMethod]
    public async Task The_cookie_is_kept_from_upstreams_and_they_cannot_set_it()
    {
        await using var upstream = await Drizzle.Testing.TestUpstream.StartAsync();
        upstream.Answer = http =>
        {
            http.Response.Headers.SetCookie = (string[])["drizzle_session=mine; Path=/", "theirs=1"];
            return Task.CompletedTask;
        };
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/acme/open/1");
        request.Headers.Add("Cookie", "a=1; drizzle_session=secret; __Host-drizzle_session=secret; b=2");
        using var answer = await drizzle.Gateway.SendAsync(request);
        Assert.AreEqual("a=1; b=2", upstream.Seen.Last().Headers["Cookie"]);
        Assert.AreEqual("theirs=1", string.Join("; ", answer.Headers.GetValues("Set-Cookie")));
    }

    [TestMethod]
    public async Task A_password_is_changed_by_its_user_or_reset_and_ends_the_sessions()
    {
        await using var drizzle = await PrepareAsync();
        using var browser = new Browser(drizzle);
        using var other = new Browser(drizzle);
        await browser.LoginAsync("acme", "jo@acme.test", Password);
        await other.LoginAsync("acme", "jo@acme.test", Password);
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await browser.PutAsync("/v1/session/password", """{"current":"not this one","new":"another long password"}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, (await browser.PutAsync("/v1/session/password", $$"""{"current":"{{Password}}","new":"short"}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NoContent, (await browser.PutAsync("/v1/session/password", $$"""{"current":"{{Password}}","new":"another long password"}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await other.GetAsync("/v1/session")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Unauthorized, await browser.TryAsync("acme", "jo@acme.test", Password));
        await browser.LoginAsync("acme", "jo@acme.test", "another long password");

        var made = (await drizzle.RunAsync("passwd", "jo@acme.test", "-t", "acme", "-o", "json")).Ended(0).Json.GetProperty("password").GetString() ?? "";
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/session")).StatusCode);
        await browser.LoginAsync("acme", "jo@acme.test", made);
        (await drizzle.RunWithAsync("a password from a pipe\n", "passwd", "jo@acme.test", "-t", "acme", "--password-file", "-")).Ended(0);
        await browser.LoginAsync("acme", "jo@acme.test", "a password from a pipe");
        (await drizzle.RunAsync("delete", "user", "jo@acme.test", "-t", "acme")).Ended(0);
        Assert.AreEqual(HttpStatusCode.Unauthorized, (await browser.GetAsync("/v1/session")).StatusCode);
        (await drizzle.RunAsync("passwd", "jo@acme.test", "-t", "acme")).Ended(1);
    }

    [TestMethod]
    public async Task Users_are_listed_without_what_they_know()
    {
        await using var drizzle = await PrepareAsync();
        var listed = (await drizzle.Api.GetAsync("/v1/tenants/acme/users")).IsDone().Body;
        Assert.AreEqual("jo@acme.test", Assert.ContainsSingle(listed.EnumerateArray()).GetProperty("name").GetString());
        foreach (var secret in (string[])["password", "hash", "AQAAAA"]) Assert.DoesNotContain(secret, listed.GetRawText());
        var shown = (await drizzle.RunAsync("get", "users", "-t", "acme")).Ended(0).Out;
        Assert.Contains("jo@acme.test", shown);
        Assert.Contains("user.created", (await drizzle.RunAsync("get", "audit", "-t", "acme")).Ended(0).Out);
        var made = (await drizzle.RunAsync("create", "user", "boss", "-o", "json")).Ended(0).Json;
        Assert.AreEqual("platformOwner", made.GetProperty("role").GetString());
        using var browser = new Browser(drizzle);
        await browser.LoginAsync(null, "boss", made.GetProperty("password").GetString() ?? "");
        Assert.AreEqual(HttpStatusCode.OK, (await browser.GetAsync("/v1/platform")).StatusCode);
    }

    [TestMethod]
    public async Task Bad_users_are_refused_with_a_reason()
    {
        await using var drizzle = await PrepareAsync();
        foreach (var (body, path) in new[]
        {
            ("""{"name":"Jo"}""", "name"), ("""{"name":""}""", "name"), ("""{"name":"../x"}""", "name"), ($$"""{"name":"{{new string('a', 101)}}"}""", "name"),
            ("""{"name":"x","password":"short"}""", "password"), ("""{"name":"x","password":"aaaaaaaaaaaaaaaa"}""", "password"), ($$"""{"name":"x","password":"{{new string('a', 300)}}"}""", "password"),
            ("""{"name":"x","role":"platformOwner"}""", "role"),
        })
        {
            var refused = (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/users", body)).Is(422, "invalid");
            Assert.AreEqual(path, refused.Body.GetProperty("errors")[0].GetProperty("path").GetString(), body);
        }
        (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/users", """{"name":"x","passwordHash":"mine","scope":""}""")).Is(400, "malformed");
        (await drizzle.Api.SendAsync("POST", "/v1/tenants/acme/users", """{"name":"jo@acme.test"}""")).Is(409, "exists");
        (await drizzle.Api.SendAsync("POST", "/v1/tenants/nobody/users", """{"name":"x"}""")).Is(404, "not-found");
        (await drizzle.Api.SendAsync("POST", "/v1/users", """{"name":"x","role":"viewer"}""")).Is(422, "invalid");
    }

    [TestMethod]
    public async Task Registering_is_off_until_it_is_turned_on_and_makes_one_tenant_of_its_own()
    {
        await using var closed = await DrizzleProcess.UpAsync();
        var registration = JsonSerializer.Serialize(new { tenant = "newcomer", name = "al", password = Password });
        (await closed.Api.SendAsync("POST", "/v1/registration", registration)).Is(403, "forbidden");
        Assert.IsFalse((await closed.Api.GetAsync("/v1/registration")).IsDone().Body.GetProperty("open").GetBoolean());

        await using var drizzle = await DrizzleProcess.UpAsync(KeyValuePair.Create("Drizzle__Admin__Registration", "on"));
        (await drizzle.Api.SendAsync("POST", "/v1/tenants", """{"slug":"taken"}""")).IsDone();
        using var browser = new Browser(drizzle);
        Assert.AreEqual(HttpStatusCode.Conflict, (await browser.SendAsync(HttpMethod.Post, "/v1/registration", registration.Replace("newcomer", "taken", StringComparison.Ordinal))).StatusCode);
        var session = await browser.ComeInAsync("/v1/registration", registration);
        Assert.AreEqual("owner", session.GetProperty("role").GetString());
        Assert.AreEqual(HttpStatusCode.OK, (await browser.PutAsync("/v1/tenants/newcomer/consumers/web", """{"name":"web"}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await browser.PutAsync("/v1/tenants/newcomer", """{"slug":"newcomer","hosts":["stolen.test"]}""")).StatusCode);
        Assert.AreEqual(HttpStatusCode.NotFound, (await browser.GetAsync("/v1/tenants/taken")).StatusCode);
        Assert.AreEqual(HttpStatusCode.Forbidden, (await browser.GetAsync("/v1/platform")).StatusCode);
        Assert.AreEqual(HttpStatusCode.UnprocessableEntity, (await browser.PutAsync("/v1/tenants/newcomer/services/s", """{"slug":"s","destinations":[{"url":"http://127.0.0.1:6190"}]}""")).StatusCode, "a stranger's tenant does not reach this machine's own ports");
        using var other = new Browser(drizzle);
        for (var i = 0; i < 3; i++) Assert.AreEqual(HttpStatusCode.OK, (await other.SendAsync(HttpMethod.Post, "/v1/registration", registration.Replace("newcomer", $"more-{i}", StringComparison.Ordinal))).StatusCode);
        Assert.AreEqual(HttpStatusCode.TooManyRequests, (await other.SendAsync(HttpMethod.Post, "/v1/registration", registration.Replace("newcomer", "too-many", StringComparison.Ordinal))).StatusCode);
        Assert.HasCount(5, (await drizzle.Api.GetAsync("/v1/tenants")).IsDone().Body.EnumerateArray());
    }

    [TestMethod]
    public async Task Behind_a_proxy_the_cookie_is_for_tls_alone_and_the_client_is_whom_the_proxy_names()
    {
        await using var drizzle = await DrizzleProcess.UpAsync(KeyValuePair.Create("Drizzle__Admin__TrustedProxies", "127.0.0.1"));
        (await drizzle.RunWithAsync(Password, "create", "user", "boss", "--password-file", "-")).Ended(0);
        using var browser = new Browser(drizzle);
        using var answer = await browser.SendAsync(HttpMethod.Post, "/v1/login", JsonSerializer.Serialize(new { name = "boss", password = Password }), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "198.51.100.7"));
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("__Host-drizzle_session=", browser.CookieText);
        Assert.Contains("secure", browser.CookieText.ToLowerInvariant());
        Assert.AreEqual("198.51.100.7", (await drizzle.Api.GetAsync("/v1/audit?action=login")).IsDone().Body[0].GetProperty("address").GetString());
    }

    private static async Task<DrizzleProcess> PrepareAsync()
    {
        var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        (await drizzle.Api.SendAsync("POST", "/v1/tenants", """{"slug":"other"}""")).IsDone();
        (await drizzle.RunWithAsync(Password + "\n", "create", "user", "jo@acme.test", "-t", "acme", "--role", "editor", "--password-file", "-")).Ended(0);
        (await drizzle.RunWithAsync(Password + "\n", "create", "user", "al", "-t", "other", "--password-file", "-")).Ended(0);
        return drizzle;
    }

    /// <summary>Keeps one cookie and sends it with everything, as a browser would.</summary>
    private sealed class Browser(DrizzleProcess drizzle) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{drizzle.AdminPort}"), Timeout = Eventually.Patience };

        /// <summary>As the server set it.</summary>
        public string CookieText { get; set; } = "";

        public string? Csrf { get; set; }

        public async Task<JsonElement> LoginAsync(string? tenant, string name, string password) => await ComeInAsync("/v1/login", JsonSerializer.Serialize(new { tenant, name, password }));

        public async Task<JsonElement> ComeInAsync(string path, string json)
        {
            using var answer = await SendAsync(HttpMethod.Post, path, json);
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync());
            var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Csrf = session.GetProperty("csrfToken").GetString();
            return session;
        }

        public async Task<HttpStatusCode> TryAsync(string? tenant, string name, string password)
        {
            var (cookie, csrf) = (CookieText, Csrf);
            using var answer = await SendAsync(HttpMethod.Post, "/v1/login", JsonSerializer.Serialize(new { tenant, name, password }));
            (CookieText, Csrf) = (cookie, csrf);
            return answer.StatusCode;
        }

        public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

        public Task<HttpResponseMessage> PutAsync(string path, string json, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Put, path, json, headers);

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(method, path);
            if (json is not null) request.Content = new StringContent(json);
            if (CookieText.Length > 0) request.Headers.Add("Cookie", CookieText.Split(';')[0]);
            if (Csrf is not null) request.Headers.Add("X-CSRF-Token", Csrf);
            foreach (var (name, value) in headers) request.Headers.Add(name, value);
            var answer = await _http.SendAsync(request);
            if (answer.Headers.TryGetValues("Set-Cookie", out var set)) CookieText = set.Single();
            return answer;
        }

        public void Dispose() => _http.Dispose();
    }
}
