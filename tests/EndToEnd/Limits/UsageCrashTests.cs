using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Limits;

[TestClass]
public sealed class UsageCrashTests
{
    [TestMethod]
    public async Task What_a_killed_edge_with_a_folder_had_counted_is_shipped_by_its_next_life()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var cluster = await Cluster.UpAsync(edges: 1, upstream.Url);
        for (var life = 1; life <= 3; life++)
        {
            for (var i = 0; i < 25; i++) Assert.AreEqual(200, await cluster.Edges[0].StatusOfAsync("/acme/open/1"));
            await cluster.Edges[0].KillAndRestartAsync();
            var seen = upstream.Seen.Count;
            Assert.AreEqual(life * 25, seen);
            await Eventually.TrueAsync($"{seen} are counted", async () => await RequestsAsync(cluster) == seen);
        }
        // It stays so: nothing is brought twice.
        for (var i = 0; i < 5; i++) Assert.AreEqual(200, await cluster.Edges[0].StatusOfAsync("/acme/open/1"));
        await Eventually.TrueAsync("all are counted once", async () => await RequestsAsync(cluster) == 80);
    }

    [TestMethod]
    public async Task A_database_that_is_away_delays_usage_and_loses_none()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var cluster = await Cluster.UpAsync(edges: 2, upstream.Url);
        await cluster.Postgres.CrashAsync();
        for (var i = 0; i < 40; i++) await cluster.Edges[i % 2].StatusOfAsync("/acme/open/1");
        await cluster.Postgres.RunAsync();
        for (var i = 0; i < 10; i++) await cluster.Edges[i % 2].StatusOfAsync("/acme/open/1");
        await Eventually.TrueAsync("what the upstream saw is counted", async () => await RequestsAsync(cluster) == 50);
        Assert.IsLessThanOrEqualTo(50, upstream.Seen.Count);
    }

    private static async Task<long> RequestsAsync(Cluster cluster)
    {
        var answer = await cluster.Api.GetAsync("/v1/tenants/acme/usage");
        return answer.Status == 200 ? answer.Body.EnumerateArray().Sum(r => r.GetProperty("requests").GetInt64()) : -1;
    }
}
