using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>Whoever owns the buckets that edges share: grants are what the arithmetic says, whatever it takes to keep them.</summary>
public abstract class LeaseOwnerTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private const long Second = 1_000_000_000;

    /// <summary>Fills within half a second.</summary>
    private static readonly BucketRule Fast = new(Second / 100, 50);

    /// <summary>Fills within a minute, so that it must outlive its owner.</summary>
    private static readonly BucketRule Slow = new(Second, 60);

    private static readonly BucketId Id = new("acme/plan:p/each", "mobile");

    private IBucketOwner Owner => Engine.BucketOwner ?? throw new InvalidOperationException("The engine's buckets are not shared.");

    private long Now => Clock.GetTimestamp() * 100;

    [TestMethod]
    public async Task Leases_and_reports_of_three_edges_are_answered_as_the_arithmetic_says()
    {
        var random = new Random(5);
        var reference = LeasedBucket.Full(Fast, Now);
        var grants = new List<(GrantId Real, long Known, long Tokens)>();
        for (long step = 1; step <= 200; step++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(random.Next(20)));
            var reports = grants.Where(_ => random.Next(3) == 0).Select(g => (g.Known, Report: new GrantReport(g.Real, random.NextInt64(g.Tokens + 2), random.Next(2) == 0))).ToArray();
            foreach (var (known, report) in reports) reference.Report(known, report.Spent, report.IsFinal, Now);
            var (edge, need) = ($"edge {random.Next(3)}", random.NextInt64(1, 8));
            var ask = new LeaseAsk(need, need + random.NextInt64(20));
            var wanted = reference.Lease(new(0, step), edge, ask.Need, ask.Want, Now);
            var real = await LeaseAsync(edge, new(Id, Fast, 1, ask, [.. reports.Select(r => r.Report)]));
            Assert.AreEqual((wanted.Granted, wanted.Level, wanted.RetryAfter), (real.Granted, real.Level, real.RetryAfter), $"step {step}, {ask}");
            if (real.Granted > 0) grants.Add((real.Grant, step, real.Granted));
            if (grants.Count > 8) grants.RemoveAt(0);
        }
    }

    [TestMethod]
    public async Task What_fills_slowly_is_granted_once_and_comes_back_when_it_is_said_to_be_unspent()
    {
        var granted = new List<LeaseAnswer>();
        while (await LeaseAsync("edge", Ask(Slow, 10)) is { Granted: > 0 } answer) granted.Add(answer);
        Assert.AreEqual(60, granted.Sum(g => g.Granted));
        Assert.AreEqual(0, (await LeaseAsync("other", Ask(Slow, 1))).Granted);
        var back = Ask(Slow, 10) with { Reports = [new(granted[0].Grant, granted[0].Granted - 7, IsFinal: true)] };
        Assert.AreEqual(7, (await LeaseAsync("edge", back with { Ask = new(7, 7) })).Granted, "seven were not spent");
        Assert.AreEqual(0, (await LeaseAsync("edge", back)).Granted, "said again it changes nothing");
    }

    [TestMethod]
    public async Task More_than_a_bucket_can_hold_is_never_there()
    {
        var answer = await LeaseAsync("edge", Ask(Fast, 51));
        Assert.AreEqual((0L, 50L, -1L), (answer.Granted, answer.Level, answer.RetryAfter));
    }

    [TestMethod]
    public async Task Another_rule_takes_whole_tokens_over_as_far_as_they_fit()
    {
        Assert.AreEqual(20, (await LeaseAsync("edge", Ask(Fast, 20))).Granted);
        var narrow = new BucketRule(Second / 10, 25);
        var answer = await LeaseAsync("edge", Ask(narrow, 5) with { Revision = 2 });
        Assert.AreEqual((5L, 0L), (answer.Granted, answer.Level), "twenty are out, and of thirty there is room for five");
        answer = await LeaseAsync("edge", Ask(Fast, 1) with { Revision = 1 });
        Assert.AreEqual(0, answer.Granted, "an older rule is no more");
    }

    [TestMethod]
    public async Task Of_what_others_hold_too_an_edge_gets_its_share_at_most()
    {
        Assert.AreEqual(10, (await LeaseAsync("first", Ask(Fast, 10))).Granted);
        Assert.AreEqual(20, (await LeaseAsync("second", new(Id, Fast, 1, new(1, 50), []))).Granted, "half of forty");
    }

    [TestMethod]
    public async Task Edges_that_meet_are_granted_no_token_twice()
    {
        var ids = Enumerable.Range(0, 40).Select(i => new BucketId("acme/plan:p/each", $"{i}")).ToArray();
        var granted = await Task.WhenAll(Enumerable.Range(0, 6).Select(edge => Task.Run(async () =>
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
        Assert.IsGreaterThan(20L, Enumerable.Range(0, ids.Length).Max(i => granted.Sum(edge => edge[i])), "they did take what there was");
    }

    [TestMethod]
    public async Task After_an_end_in_good_order_what_was_granted_is_still_out()
    {
        var fast = await LeaseAsync("edge", Ask(Fast, 20));
        BucketId slow = new("acme/plan:p/daily", "mobile");
        Assert.AreEqual(20, (await LeaseAsync("edge", Ask(Slow, 20) with { Bucket = slow })).Granted);
        await ReopenAsync();
        Assert.AreEqual(30, (await LeaseAsync("edge", Ask(Fast, 30))).Granted);
        Assert.AreEqual(0, (await LeaseAsync("edge", Ask(Fast, 1))).Granted);
        Assert.AreEqual(20, (await LeaseAsync("edge", Ask(Fast, 20) with { Reports = [new(fast.Grant, 0, IsFinal: true)] })).Granted, "its reports are understood");
        Assert.AreEqual(40, (await LeaseAsync("edge", Ask(Slow, 40) with { Bucket = slow })).Granted);
    }

    [TestMethod]
    public async Task Who_looks_sees_levels_and_of_full_buckets_nothing()
    {
        await LeaseAsync("edge", Ask(Fast, 20));
        Assert.AreSequenceEqual(new long?[] { 30, null }, await Owner.LevelsAsync([Id, new("acme/plan:p/each", "unseen")], Stop));
    }

    private static LeaseRequest Ask(BucketRule rule, long tokens) => new(Id, rule, 1, new(tokens, tokens), []);

    /// <summary>An owner that has just begun, or whose answer was late, may say at first that there is nothing yet; it is asked again.</summary>
    private async Task<LeaseAnswer> LeaseAsync(string edge, LeaseRequest request)
    {
        LeaseAnswer answer = default;
        await Eventually.TrueAsync(async () => (answer = (await TryLeaseAsync(edge, [request]))[0]).Level != LeaseAnswer.NotYet, $"the owner answers {edge}");
        return answer;
    }

    private async Task<IReadOnlyList<LeaseAnswer>> TryLeaseAsync(string edge, LeaseRequest[] requests)
    {
        try
        {
            return (await Owner.LeaseAsync(edge, requests, Stop)).Answers;
        }
        catch (EngineException)
        {
            return [.. requests.Select(_ => LeaseAnswer.ComeAgain())];
        }
    }
}
