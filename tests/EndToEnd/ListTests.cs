using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

/// <summary>Lists are filtered, sorted and read in pages, alike for every kind.</summary>
[TestClass]
public sealed class ListTests
{
    [TestMethod]
    public async Task A_list_is_filtered_by_fields_and_by_elements_of_lists()
    {
        await using var drizzle = await PrepareAsync();
        Assert.AreSequenceEqual(new[] { "a2", "a10" }, await NamesAsync(drizzle, "filter=roles=READER"));
        Assert.AreSequenceEqual(new[] { "a10" }, await NamesAsync(drizzle, "filter=roles=reader&filter=plan=big"));
        Assert.AreSequenceEqual(new[] { "B1" }, await NamesAsync(drizzle, "filter=attributes.team=blue"));
        Assert.IsEmpty(await NamesAsync(drizzle, "filter=nothing=1"));
    }

    [TestMethod]
    public async Task A_list_is_sorted_as_people_order_it()
    {
        await using var drizzle = await PrepareAsync();
        Assert.AreSequenceEqual(new[] { "a10", "a2", "B1" }, await NamesAsync(drizzle, "sort=name"));
        Assert.AreSequenceEqual(new[] { "B1", "a2", "a10" }, await NamesAsync(drizzle, "sort=-name"));
        var routes = (await drizzle.Api.GetAsync("/v1/tenants/acme/routes?sort=priority")).IsDone().Body.EnumerateArray().Select(r => r.GetProperty("name").GetString());
        Assert.AreSequenceEqual(new[] { "low", "high" }, routes);
    }

    [TestMethod]
    public async Task Pages_say_how_many_there_are_and_where_the_next_is()
    {
        await using var drizzle = await PrepareAsync();
        var names = new List<string?>();
        string? next = "/v1/tenants/acme/consumers?sort=name&filter=name=a2&limit=1";
        var one = (await drizzle.Api.GetAsync(next)).IsDone();
        Assert.AreEqual(("1", null), (one.Header("X-Total-Count"), one.Header("Link")));
        next = "/v1/tenants/acme/consumers?sort=name&limit=2";
        while (next is not null)
        {
            var page = (await drizzle.Api.GetAsync(next)).IsDone();
            Assert.AreEqual("3", page.Header("X-Total-Count"));
            names.AddRange(page.Body.EnumerateArray().Select(c => c.GetProperty("name").GetString()));
            next = page.Header("Link")?.Split('<', '>')[1];
        }
        Assert.AreSequenceEqual(new[] { "a10", "a2", "B1" }, names);
    }

    [TestMethod]
    [DataRow("filter=name")]
    [DataRow("filter==x")]
    [DataRow("limit=0")]
    [DataRow("limit=-1")]
    [DataRow("limit=many")]
    [DataRow("offset=-1")]
    [DataRow("filter=a=1&filter=a=1&filter=a=1&filter=a=1&filter=a=1&filter=a=1&filter=a=1&filter=a=1&filter=a=1")]
    public async Task What_cannot_be_read_is_refused(string query)
    {
        await using var drizzle = await PrepareAsync();
        (await drizzle.Api.GetAsync($"/v1/tenants/acme/consumers?{query}")).Is(400, "bad-request");
    }

    [TestMethod]
    public async Task Tenants_and_keys_are_lists_like_others()
    {
        await using var drizzle = await PrepareAsync();
        (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "a2")).Ended(0);
        (await drizzle.RunAsync("create", "key", "-t", "acme", "--consumer", "B1")).Ended(0);
        Assert.AreEqual("B1", Assert.ContainsSingle((await drizzle.Api.GetAsync("/v1/tenants/acme/keys?filter=consumer=b1")).IsDone().Body.EnumerateArray()).GetProperty("consumer").GetString());
        Assert.AreEqual(1, (await drizzle.Api.GetAsync("/v1/tenants?filter=slug=acme&sort=-revision&limit=5")).IsDone().Body.GetArrayLength());
    }

    private static async Task<DrizzleProcess> PrepareAsync()
    {
        var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync("""
            tenants:
              - slug: acme
                policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
                plans: [{ name: big }]
                services: [{ slug: orders, destinations: [{ url: "http://127.0.0.1:9" }] }]
                consumers: [{ name: B1, attributes: { team: blue } }, { name: a2, roles: [reader, writer] }, { name: a10, plan: big, roles: [reader] }]
                routes: [{ name: high, service: orders, priority: 10, match: { paths: [/h] } }, { name: low, service: orders, priority: 9, match: { paths: [/l] } }]
              - { slug: other }
            """);
        return drizzle;
    }

    private static async Task<List<string?>> NamesAsync(DrizzleProcess drizzle, string query) =>
        [.. (await drizzle.Api.GetAsync($"/v1/tenants/acme/consumers?{query}")).IsDone().Body.EnumerateArray().Select(c => c.GetProperty("name").GetString())];
}
