using System.Diagnostics;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Limits;

/// <summary>Limits on three edges whose owner crashes, or one of which ends.</summary>
public abstract class OwnerOutageTests(int silos)
{
    private static string Configuration(string upstream, string limits, string onFailure = "local") => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }] }]
            consumers: [{ name: mobile }]
            routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] }, limits: [{{limits.Replace("FAIL", onFailure, StringComparison.Ordinal)}}] }]
        """;

    [TestMethod]
    public async Task A_bucket_that_is_slow_to_fill_is_not_forgotten_in_a_crash()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 10 }");
        Assert.AreEqual(10, await PassedAsync(cluster.Edges, 60));
        // The owner lost to a crash has written down what is slow to come back.
        await cluster.KillOwnerAsync();
        await cluster.RestartOwnerAsync();
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("the owner is back", async () => await OwnerUpAsync(edge));
        Assert.AreEqual(0, await PassedAsync(cluster.Edges, 12));
    }

    [TestMethod]
    [DataRow("deny", 429)]
    [DataRow("allow", 200)]
    public async Task Without_the_owner_it_is_as_the_limit_says(string onFailure, int status)
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 1000, onFailure: FAIL }", onFailure);
        await Eventually.TrueAsync("the owner grants some", async () => await cluster.Edges[0].StatusOfAsync("/acme/open/1") == 200);
        await cluster.KillOwnerAsync();
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("what was held is gone", async () => await edge.StatusOfAsync("/acme/open/1") == status && !await OwnerUpAsync(edge));
        for (var i = 0; i < 20; i++) Assert.AreEqual(status, await cluster.Edges[i % 3].StatusOfAsync("/acme/open/1"));
        await cluster.RestartOwnerAsync();
        foreach (var edge in cluster.Edges)
        {
            await Eventually.TrueAsync("the owner is back", () => OwnerUpAsync(edge));
            await Eventually.TrueAsync("and gives what is left", async () => await edge.StatusOfAsync("/acme/open/1") == 200);
        }
    }

    [TestMethod]
    public async Task Without_the_owner_edges_go_on_with_their_share()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: some, rate: 300/s, burst: 30, onFailure: FAIL }");
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("the owner grants some", async () => await edge.StatusOfAsync("/acme/open/1") == 200);
        await cluster.KillOwnerAsync();
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("the owner is missed", async () => await edge.StatusOfAsync("/acme/open/1") > 0 && !await OwnerUpAsync(edge));
        var clock = Stopwatch.StartNew();
        var passed = await Task.WhenAll(cluster.Edges.Select(edge => Task.Run(async () =>
        {
            var count = 0;
            while (clock.Elapsed < TimeSpan.FromSeconds(3))
            {
                var status = await edge.StatusOfAsync("/acme/open/1");
                Assert.IsTrue(status is 200 or 429, $"{status}");
                if (status == 200) count++;
            }
            return count;
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var count in passed)
        {
            Assert.IsLessThanOrEqualTo(11 + (100 * seconds), count, "a third of the rule each");
            Assert.IsGreaterThan(20, count, "and not nothing");
        }
    }

    [TestMethod]
    public async Task The_limit_on_a_clients_address_holds_over_all_edges_but_for_the_allowance_of_each()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "");
        var configuration = Configuration(upstream.Url, "").Replace(Configurations.Platform, "platform: { allowedDestinations: [127.0.0.0/8], addressLimit: { rate: 1/h, burst: 30 } }", StringComparison.Ordinal);
        (await cluster.RunAsync(configuration, "apply", "-f", "-", "--wait")).Ended(0);
        var passed = await PassedAsync(cluster.Edges, 120);
        var turn = 0;
        if (passed < 30) await Eventually.TrueAsync("the whole burst passes", async () => (passed += await PassedAsync([cluster.Edges[turn++ % 3]], 1)) >= 30);
        await Eventually.TrueAsync("and then none", async () =>
        {
            var more = await PassedAsync(cluster.Edges, 12);
            passed += more;
            return more == 0;
        });
        // Three tokens that are new to each edge may be taken before the owner is asked.
        Assert.IsLessThanOrEqualTo(30 + (3 * 3), passed);
    }

    [TestMethod]
    public async Task An_edge_that_ends_gives_back_what_it_held()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 100 }");
        var before = await PassedAsync([cluster.Edges[0]], 50);
        Assert.IsGreaterThan(30, before);
        await cluster.Edges[0].EndAsync();
        Assert.AreEqual(100 - before, await PassedAsync([cluster.Edges[1], cluster.Edges[2]], 200));
    }

    /// <summary>One after another; whoever does not pass is over the limit, or the owner was slow to answer.</summary>
    private static async Task<int> PassedAsync(IReadOnlyList<RoleProcess> edges, int requests)
    {
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            var status = await edges[i % edges.Count].StatusOfAsync("/acme/open/1");
            Assert.IsTrue(status is 200 or 429, $"{status}");
            if (status == 200) passed++;
        }
        return passed;
    }

    private async Task<Cluster> ClusterAsync(string upstream, string limits, string onFailure = "local")
    {
        var cluster = await Cluster.UpAsync(edges: 3, upstream, silos);
        (await cluster.RunAsync(Configuration(upstream, limits, onFailure), "apply", "-f", "-", "--wait")).Ended(0);
        return cluster;
    }

    private static async Task<bool> OwnerUpAsync(RoleProcess edge) => (await edge.OperationsTextAsync("/metrics")).Split('\n').Any(line => line.StartsWith("drizzle_bucket_owner_up", StringComparison.Ordinal) && line.EndsWith(" 1.0", StringComparison.Ordinal));
}
