using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>One limit on three edges, each a process of its own.</summary>
[TestClass]
public sealed class SharedLimitTests
{
    private static string Configuration(string upstream, string limits, string onFailure = "local") => $$"""
        {{Configurations.Platform}}
        tenants:
          - slug: acme
            services: [{ slug: orders, destinations: [{ url: "{{upstream}}" }] }]
            consumers: [{ name: mobile }]
            routes: [{ name: public, service: orders, auth: none, match: { paths: ["/open/**"] }, limits: [{{limits.Replace("FAIL", onFailure, StringComparison.Ordinal)}}] }]
        """;

    [TestMethod]
    public async Task What_is_left_is_left_once_however_many_edges_are_asked()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 10 }");
        Assert.AreEqual(10, await PassedAsync(cluster.Edges, 60));
        // The owner lost to a crash has written down what is slow to come back.
        await cluster.Postgres.CrashAsync();
        await cluster.Postgres.RunAsync();
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("the owner is back", async () => await OwnerUpAsync(edge));
        Assert.AreEqual(0, await PassedAsync(cluster.Edges, 12));
    }

    [TestMethod]
    public async Task No_window_has_more_than_the_rule_allows_and_most_of_it_is_used()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: per-second, rate: 200/s, burst: 100, onFailure: deny }, { name: wider, rate: 100000/s, burst: 100000 }");
        var admitted = new ConcurrentQueue<(long From, long To)>();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(worker => Task.Run(async () =>
        {
            while (clock.Elapsed < TimeSpan.FromSeconds(6))
            {
                var from = clock.ElapsedTicks;
                if (await cluster.Edges[worker % 3].StatusOfAsync("/acme/open/1") == 200) admitted.Enqueue((from, clock.ElapsedTicks));
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = admitted.ToArray();
        // An admission is somewhere between a request's beginning and its end: what lies wholly within a window was admitted in it.
        var starts = all.Select(a => a.From).Order().ToArray();
        foreach (var start in starts.Where((_, i) => i % 25 == 0))
        {
            var ends = all.Where(a => a.From >= start).Select(a => a.To).Order().ToArray();
            for (var count = 1; count <= ends.Length; count++)
            {
                var window = (ends[count - 1] - start) / (double)Stopwatch.Frequency;
                Assert.IsLessThanOrEqualTo(100 + (200 * window) + 1, count, string.Create(CultureInfo.InvariantCulture, $"{count} in {window} s"));
            }
        }
        Assert.IsGreaterThan(0.5 * (100 + (200 * seconds)), all.Length, $"{all.Length} in {seconds} s");
    }

    [TestMethod]
    [DataRow("deny", 429)]
    [DataRow("allow", 200)]
    public async Task Without_the_owner_it_is_as_the_limit_says(string onFailure, int status)
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 1000, onFailure: FAIL }", onFailure);
        await Eventually.TrueAsync("the owner grants some", async () => await cluster.Edges[0].StatusOfAsync("/acme/open/1") == 200);
        await cluster.Postgres.CrashAsync();
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("what was held is gone", async () => await edge.StatusOfAsync("/acme/open/1") == status && !await OwnerUpAsync(edge));
        for (var i = 0; i < 20; i++) Assert.AreEqual(status, await cluster.Edges[i % 3].StatusOfAsync("/acme/open/1"));
        await cluster.Postgres.RunAsync();
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
        await cluster.Postgres.CrashAsync();
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
    public async Task A_changed_rule_holds_on_every_edge_and_the_level_is_told()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 2 }");
        Assert.AreEqual(2, await PassedAsync(cluster.Edges, 12));
        var told = (await cluster.RunAsync("", "explain", "GET", "/acme/open/1", "-t", "acme")).Ended(0).Out;
        Assert.Contains("acme/route:public/few [public]: 0 of 2 left, takes 1", told);
        (await cluster.RunAsync(Configuration(upstream.Url, "{ name: few, rate: 1000/s, burst: 50 }"), "apply", "-f", "-", "--wait")).Ended(0);
        foreach (var edge in cluster.Edges) await Eventually.TrueAsync("the new rule holds", async () => await edge.StatusOfAsync("/acme/open/1") == 200);
        (await cluster.RunAsync(Configuration(upstream.Url, "{ name: few, rate: 1/h, burst: 5 }"), "apply", "-f", "-", "--wait")).Ended(0);
        Assert.IsLessThanOrEqualTo(5, await PassedAsync(cluster.Edges, 30));
    }

    [TestMethod]
    public async Task An_edge_that_ends_gives_back_what_it_held()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await ClusterAsync(upstream.Url, "{ name: few, rate: 1/h, burst: 100 }");
        var before = await PassedAsync([cluster.Edges[0]], 50);
        Assert.IsGreaterThan(30, before);
        await cluster.Edges[0].Program.TerminateAsync();
        Assert.AreEqual(0, await cluster.Edges[0].Program.ExitAsync());
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

    private static async Task<Cluster> ClusterAsync(string upstream, string limits, string onFailure = "local")
    {
        var cluster = await Cluster.UpAsync(edges: 3, upstream);
        (await cluster.RunAsync(Configuration(upstream, limits, onFailure), "apply", "-f", "-", "--wait")).Ended(0);
        return cluster;
    }

    private static async Task<bool> OwnerUpAsync(RoleProcess edge) => (await edge.OperationsTextAsync("/metrics")).Split('\n').Any(line => line.StartsWith("drizzle_bucket_owner_up", StringComparison.Ordinal) && line.EndsWith(" 1.0", StringComparison.Ordinal));
}
