using System.Net;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>How the console is served; what it does is tested in a browser, in console-ui/e2e.</summary>
[TestClass]
public sealed class ConsoleTests
{
    [TestMethod]
    public async Task Its_page_is_at_every_screen_and_its_files_are_kept_by_browsers()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.File("assets"));
        await File.WriteAllTextAsync(folder.File("index.html"), "<!doctype html><title>the console</title>");
        await File.WriteAllTextAsync(folder.File("assets/app-1a2b.js"), "'the script'");
        await File.WriteAllTextAsync(folder.File("notes.txt"), "not for browsers");
        await using var drizzle = await DrizzleProcess.UpAsync([new("Drizzle__Admin__Console", folder.Path)]);
        using var client = Client(drizzle);

        foreach (var path in (string[])["/", "/tenants", "/t/acme/routes?open=read", "/t/../../etc/passwd"])
        {
            using var page = await GetAsync(client, path, "text/html,*/*");
            Assert.AreEqual(HttpStatusCode.OK, page.StatusCode, path);
            Assert.Contains("the console", await page.Content.ReadAsStringAsync());
            Assert.AreEqual("no-cache", page.Headers.CacheControl?.ToString());
            var policy = page.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("script-src 'self';", policy);
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.AreEqual("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        }
        using var script = await GetAsync(client, "/assets/app-1a2b.js", "*/*");
        Assert.AreEqual("text/javascript", script.Content.Headers.ContentType?.MediaType);
        Assert.AreEqual("public, max-age=31536000, immutable", script.Headers.CacheControl?.ToString());
        Assert.AreEqual("'the script'", await script.Content.ReadAsStringAsync());
        using var again = await GetAsync(client, "/assets/app-1a2b.js", "*/*", script.Headers.ETag?.ToString());
        Assert.AreEqual(HttpStatusCode.NotModified, again.StatusCode);

        foreach (var (path, accept) in new[] { ("/notes.txt", "*/*"), ("/nothing", "application/json"), ("/v1/nothing", "text/html") })
        {
            using var none = await GetAsync(client, path, accept);
            Assert.AreNotEqual(HttpStatusCode.OK, none.StatusCode, path);
            Assert.AreEqual("application/problem+json", none.Content.Headers.ContentType?.MediaType, path);
        }
    }

    [TestMethod]
    public async Task Where_it_was_not_built_that_is_said()
    {
        using var folder = new TestFolder();
        await using var drizzle = await DrizzleProcess.UpAsync([new("Drizzle__Admin__Console", folder.File("none"))]);
        using var client = Client(drizzle);
        using var page = await GetAsync(client, "/", "text/html");
        Assert.AreEqual(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("The console was not built", await page.Content.ReadAsStringAsync());
    }

    private static HttpClient Client(DrizzleProcess drizzle) => new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip }) { BaseAddress = new Uri(drizzle.Environment["DRIZZLE_ADMIN"]) };

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string accept, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await client.SendAsync(request);
    }
}
