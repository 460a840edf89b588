using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>Whoever owns the buckets that edges share keeps them; by whatever time.</summary>
public abstract class LeaseOwnerTests(IEngineFixture fixture) : LeaseTests(fixture)
{
    /// <summary>Fills within an hour, so that it must outlive its owner, and does not while a test runs.</summary>
    private static readonly BucketRule Slow = new(60_000_000_000, 60);

    [TestMethod]
    public async Task What_fills_slowly_is_granted_once_and_comes_back_when_it_is_said_to_be_unspent()
    {
        var granted = new List<LeaseAnswer>();
        while (await LeaseAsync("edge", Ask(10)) is { Granted: > 0 } answer) granted.Add(answer);
        Assert.AreEqual(60, granted.Sum(g => g.Granted));
        Assert.AreEqual(0, (await LeaseAsync("other", Ask(1))).Granted);
        var back = Ask(10) with { Reports = [new(granted[0].Grant, granted[0].Granted - 7, IsFinal: true)] };
        Assert.AreEqual(7, (await LeaseAsync("edge", back with { Ask = new(7, 7) })).Granted, "seven were not spent");
        Assert.AreEqual(0, (await LeaseAsync("edge", back)).Granted, "said again it changes nothing");
    }

    [TestMethod]
    public async Task More_than_a_bucket_can_hold_is_never_there()
    {
        var answer = await LeaseAsync("edge", Ask(61));
        Assert.AreEqual((0L, 60L, -1L), (answer.Granted, answer.Level, answer.RetryAfter));
    }

    [TestMethod]
    public async Task Edges_that_meet_are_granted_no_token_twice()
    {
        var ids = Enumerable.Range(0, 40).Select(i => new BucketId("acme/plan:p/each", $"{i}")).ToArray();
        var granted = await Task.WhenAll(Enumerable.Range(0, 8).Select(edge => Task.Run(async () =>
        {
            var random = new Random(edge);
            var total = new long[ids.Length];
            for (var round = 0; round < 20; round++)
            {
                var chosen = Enumerable.Range(0, ids.Length).OrderBy(_ => random.Next()).Take(20).ToArray();
                LeaseRequest[] requests = [.. chosen.Select(i => new LeaseRequest(ids[i], Slow, 1, new(1, 3), []))];
                IReadOnlyList<LeaseAnswer> answers = [];
                await Eventually.TrueAsync(async () => (answers = await TryLeaseAsync($"edge {edge}", requests)).Any(a => a.Level != LeaseAnswer.NotYet), "the owner answers");
                for (var i = 0; i < chosen.Length; i++) total[chosen[i]] += answers[i].Granted;
            }
            return total;
        })));
        for (var i = 0; i < ids.Length; i++) Assert.IsLessThanOrEqualTo(60L, granted.Sum(edge => edge[i]));
        Assert.AreEqual(60L, Enumerable.Range(0, ids.Length).Max(i => granted.Sum(edge => edge[i])), "they did take what there was");
    }

    [TestMethod]
    public async Task Edges_that_come_to_a_new_bucket_at_once_are_all_granted_some()
    {
        for (var round = 0; round < 30; round++)
        {
            var ask = Ask(1) with { Bucket = new("acme/plan:p/each", $"new {round}") };
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(edge => Task.Run(() => LeaseAsync($"edge {edge}", ask))));
            Assert.AreSequenceEqual(Enumerable.Repeat(1L, answers.Length), answers.Select(a => a.Granted), $"round {round}");
        }
    }

    [TestMethod]
    public async Task After_an_end_in_good_order_what_was_granted_is_still_out()
    {
        await WarmUpAsync(Slow);
        Assert.AreEqual(20, (await LeaseAsync("edge", Ask(20))).Granted);
        await ReopenAsync();
        await WarmUpAsync(Slow);
        Assert.AreEqual(40, (await LeaseAsync("edge", Ask(40))).Granted);
        Assert.AreEqual(0, (await LeaseAsync("edge", Ask(1))).Granted);
    }

    private static LeaseRequest Ask(long tokens) => Ask(Slow, tokens);
}
