using System.Net.Sockets;
using System.Text;
using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class HostileInputTests
{
    [TestMethod]
    public async Task Nobody_without_a_valid_token_gets_past_the_door()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        using var nobody = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], token: null);
        using var stranger = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], drizzle.Token[..^1] + "!");

        foreach (var path in (string[])["/v1/tenants", "/V1/TENANTS", "/v1/nothing", "/v1/tokens", "/v1/platform", "/v1/edges", "/v1/revisions", "/v1/tenants/acme/keys"])
        {
            (await nobody.GetAsync(path)).Is(401, "unauthenticated");
            (await stranger.GetAsync(path)).Is(401, "unauthenticated");
        }
        (await nobody.SendAsync("POST", "/v1/tokens", """{"name":"mine"}""")).Is(401, "unauthenticated");
        (await stranger.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""")).Is(401, "unauthenticated");
        Assert.AreEqual(0L, await drizzle.RevisionAsync());
    }

    [TestMethod]
    public async Task No_spelling_of_a_path_goes_around_the_token()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        foreach (var path in (string[])["/healthz/../v1/tenants", "//v1/tenants", "/v1//tenants", "/v1%2ftenants", "/%76%31/tenants", "/openapi.json/../v1/tokens", "/openapi.json;/v1/tokens"])
        {
            var status = await RawStatusAsync(drizzle.AdminPort, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.IsTrue(status is 400 or 401 or 404, $"{path}: {status}");
        }
    }

    [TestMethod]
    public async Task A_body_that_is_too_large_is_413()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();

        var answer = await drizzle.Api.PutAsync("/v1/tenants/acme", $$"""{"slug":"acme","name":"{{new string('x', 21 << 20)}}"}""");

        answer.Is(413, "body-too-large");
        (await drizzle.Api.GetAsync("/v1/tenants/acme")).Is(404, "not-found");
    }

    [TestMethod]
    public async Task A_body_that_is_no_tenant_is_refused_with_every_error()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();

        foreach (var body in (string[])["", "{", "null", "[]", "7", "\"acme\"", new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 50_000)), "{\"slug\":\"acme\"} {}", "\ufeff\0"])
        {
            (await drizzle.Api.PutAsync("/v1/tenants/acme", body)).Is(400, "malformed");
        }
        var wrong = (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme","colour":"red","hosts":{},"services":[{"slug":{},"destinations":{}}],"routes":[{"name":"a","size":1}]}""")).Is(400, "malformed");

        foreach (var path in (string[])["colour", "hosts", "services[0].slug", "services[0].destinations", "routes[0].size"])
        {
            Assert.IsTrue(wrong.Errors.Any(e => e.StartsWith(path, StringComparison.Ordinal)), $"{path} is not among {string.Join(" | ", wrong.Errors)}");
        }
        Assert.AreEqual(0L, await drizzle.RevisionAsync());
    }

    [TestMethod]
    public async Task A_tenant_that_means_nothing_is_refused_with_every_error()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();

        var answer = await drizzle.Api.PutAsync("/v1/tenants/acme", """
            {"slug":"acme","timeZone":"Mars/North","hosts":["a b"],"services":[{"slug":"orders","destinations":[]}],"routes":[{"name":"a","service":"nothing","match":{"paths":["x"]}}]}
            """);

        answer.Is(422, "invalid");
        foreach (var path in (string[])["timeZone", "hosts[0]", "services[0].destinations", "routes[0].service", "routes[0].match.paths[0]"])
        {
            Assert.IsTrue(answer.Errors.Any(e => e.StartsWith(path, StringComparison.Ordinal)), $"{path} is not among {string.Join(" | ", answer.Errors)}");
        }
        Assert.AreEqual(0L, await drizzle.RevisionAsync());
    }

    [TestMethod]
    public async Task A_slug_in_a_path_is_the_slug_itself_or_nothing()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""")).IsDone();
        var token = drizzle.Token;

        foreach (var slug in (string[])["..%2fplatform", "%2e%2e%2fplatform", "..%5cplatform", "ac%00me", "ACME", "acme%20", "acme%0d%0aX-Evil:1", "%ff%fe", "acme'--"])
        {
            foreach (var (method, body) in ((string, string)[])[("GET", ""), ("PUT", """{"slug":"acme","name":"Changed"}"""), ("DELETE", "")])
            {
                var head = $"{method} /v1/tenants/{slug} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
                var status = await RawStatusAsync(drizzle.AdminPort, head + body);
                Assert.IsTrue(status is 400 or 404 or 422, $"{method} {slug}: {status}");
            }
        }

        Assert.AreEqual(1L, await drizzle.RevisionAsync());
        Assert.DoesNotContain("fail", drizzle.Program.Error);
    }

    [TestMethod]
    public async Task A_query_or_header_that_cannot_be_read_is_400()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();

        (await drizzle.Api.GetAsync("/v1/revisions?limit=many")).Is(400, "bad-request");
        (await drizzle.Api.GetAsync("/v1/revisions?limit=-1")).Is(400, "bad-request");
        (await drizzle.Api.PutAsync("/v1/tenants/acme?dryRun=perhaps", """{"slug":"acme"}""")).Is(400, "bad-request");
        (await drizzle.Api.PutAsync("/v1/tenants/acme?prune=perhaps", """{"slug":"acme"}""")).Is(400, "bad-request");
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""", "\"x\"")).Is(400, "bad-request");
        (await drizzle.Api.SendAsync("PATCH", "/v1/tenants/acme", "{}")).Is(405, "method-not-allowed");
        Assert.AreEqual(0L, await drizzle.RevisionAsync());
    }

    private static async Task<int> RawStatusAsync(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var answer = await new StreamReader(stream, Encoding.Latin1).ReadToEndAsync();
        return int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }
}
