using System.Text.Json;
using System.Text.RegularExpressions;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed partial class OpenApiTests
{
    private static readonly string[] Operations =
    [
        "GET POST /v1/tenants", "DELETE GET PUT /v1/tenants/{tenant}", "GET PUT /v1/platform", "GET /v1/revisions", "GET /v1/edges",
        "GET POST /v1/tokens", "DELETE /v1/tokens/{name}",
        "GET POST /v1/tenants/{tenant}/keys", "DELETE /v1/tenants/{tenant}/keys/{prefix}", "POST /v1/tenants/{tenant}/keys/{prefix}/revoke",
        .. Kinds("services", "routes", "consumers", "plans", "policies", "issuers"),
    ];

    [TestMethod]
    public async Task The_description_names_what_the_server_maps()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        using var nobody = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], token: null);

        var document = (await nobody.GetAsync("/openapi.json")).IsDone().Body;

        Assert.StartsWith("3.1.", document.GetProperty("openapi").GetString());
        var described = document.GetProperty("paths").EnumerateObject().Where(p => p.Name.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(p => $"{string.Join(' ', p.Value.EnumerateObject().Select(o => o.Name.ToUpperInvariant()).Order(StringComparer.Ordinal))} {p.Name}").ToList();
        CollectionAssert.IsSubsetOf(Operations, described);
        var ids = document.GetProperty("paths").EnumerateObject().Where(p => p.Name.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(p => p.Value.EnumerateObject().Select(o => o.Value.TryGetProperty("operationId", out var id) ? id.GetString() : $"{o.Name} {p.Name} has none")).ToList();
        Assert.IsTrue(ids.All(id => id is not null && id.All(char.IsAsciiLetterOrDigit)), string.Join(", ", ids));
        Assert.AreEqual(ids.Count, ids.Distinct().Count(), "a client's methods are named after them");
        foreach (var operation in described) await IsMappedAsync(drizzle, operation.Split(' '));
    }

    [TestMethod]
    public async Task The_console_is_built_against_the_description_as_it_is()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var now = (await drizzle.Api.GetAsync("/openapi.json")).IsDone().Body;
        var kept = Path.Combine(Repository.Root, "console-ui/openapi.json");
        if (Environment.GetEnvironmentVariable("DRIZZLE_WRITE_DOCS") == "1") await File.WriteAllTextAsync(kept, JsonSerializer.Serialize(now, new JsonSerializerOptions { WriteIndented = true }) + "\n");
        using var known = JsonDocument.Parse(await File.ReadAllTextAsync(kept));
        Assert.IsTrue(JsonElement.DeepEquals(known.RootElement, now), "console-ui/openapi.json is not what the admin API answers any more: run this test with DRIZZLE_WRITE_DOCS=1.");
    }

    [TestMethod]
    public async Task Every_reference_in_the_description_leads_somewhere()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var document = (await drizzle.Api.GetAsync("/openapi.json")).IsDone().Body;
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(s => s.Name).ToHashSet();

        var references = Reference().Matches(document.GetRawText());

        Assert.IsNotEmpty(references);
        foreach (Match reference in references) Assert.Contains(reference.Groups["name"].Value, schemas);
    }

    /// <summary>Whoever has no token is told so only where there is an endpoint or a path under /v1, so this one asks with the root token.</summary>
    private static async Task IsMappedAsync(DrizzleProcess drizzle, string[] operation)
    {
        var path = operation[^1].Replace("{", "x", StringComparison.Ordinal).Replace("}", "x", StringComparison.Ordinal);
        foreach (var method in operation[..^1])
        {
            var answer = await drizzle.Api.SendAsync(method, path, method is "GET" or "DELETE" ? null : "[]");
            var detail = answer.Status >= 400 ? answer.Text("detail") : "";
            Assert.AreNotEqual(405, answer.Status, $"{method} {path}");
            Assert.AreNotEqual("There is nothing at this path.", detail, $"{method} {path}");
        }
    }

    [GeneratedRegex("\"#/components/schemas/(?<name>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Reference();

    private static IEnumerable<string> Kinds(params string[] plurals) => plurals.SelectMany(p => (string[])[$"GET POST /v1/tenants/{{tenant}}/{p}", $"DELETE GET PUT /v1/tenants/{{tenant}}/{p}/{{name}}"]);
}
