using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

/// <summary>Whoever owns the buckets that edges share, in time that stands still: what is granted and what is left is what the arithmetic says.</summary>
public abstract class LeaseArithmeticTests(IEngineFixture fixture) : LeaseTests(fixture)
{
    private const long Second = 1_000_000_000;

    /// <summary>Fills within half a second.</summary>
    private static readonly BucketRule Fast = new(Second / 100, 50);

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
    public async Task Who_looks_sees_levels_and_of_full_buckets_nothing()
    {
        await LeaseAsync("edge", Ask(Fast, 20));
        Assert.AreSequenceEqual(new long?[] { 30, null }, await Owner.LevelsAsync([Id, new("acme/plan:p/each", "unseen")], Stop));
    }

    [TestMethod]
    public async Task After_an_end_in_good_order_what_was_granted_is_still_out()
    {
        var granted = await LeaseAsync("edge", Ask(Fast, 20));
        await ReopenAsync();
        Assert.AreEqual(30, (await LeaseAsync("edge", Ask(Fast, 30))).Granted);
        Assert.AreEqual(0, (await LeaseAsync("edge", Ask(Fast, 1))).Granted);
        Assert.AreEqual(20, (await LeaseAsync("edge", Ask(Fast, 20) with { Reports = [new(granted.Grant, 0, IsFinal: true)] })).Granted, "its reports are understood");
    }
}
