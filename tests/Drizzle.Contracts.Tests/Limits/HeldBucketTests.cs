using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Contracts.Tests.Limits;

[TestClass]
public sealed class HeldBucketTests
{
    private const long Millisecond = 1_000_000;
    private const long PerMillisecond = 4;
    private static readonly BucketRule Rule = new(1_000, 1_000_000);

    [TestMethod]
    [DataRow(1_000_000L, 2, 3, DisplayName = "plenty")]
    [DataRow(10_000L, 8, 12, DisplayName = "enough")]
    public void Of_an_owner_that_has_plenty_more_is_wanted_at_once(long level, int fewest, int most)
    {
        var held = new HeldBucket(0);
        Spend(held, level, from: 0, until: 2000);
        var calls = Spend(held, level, from: 2000, until: 3000);
        Assert.IsTrue(calls >= fewest && calls <= most, $"{calls} calls in a second");
    }

    [TestMethod]
    public void Another_owner_does_not_have_plenty_because_the_one_before_had()
    {
        var held = new HeldBucket(0);
        Spend(held, level: 1_000_000, from: 0, until: 3000);
        held.OwnerChanged();
        var now = 3000 * Millisecond;
        held.CloseAll();
        Assert.IsTrue(held.WhatToAsk(now, 1, 1, 1)!.Value.Want <= 101 * PerMillisecond);
    }

    /// <summary>Takes so many tokens in every millisecond, of an owner that gives what is asked and always has as much left.</summary>
    /// <returns>How often it was asked.</returns>
    private static int Spend(HeldBucket held, long level, int from, int until)
    {
        var calls = 0;
        for (var at = from; at < until; at++)
        {
            var now = at * Millisecond;
            for (var i = 0; i < PerMillisecond; i++)
            {
                if (!held.TryTake(1, now)) held.Missed(1, now);
            }
            if (held.WhatToAsk(now, 0, 1, 0) is not { } ask) continue;
            var sent = held.Send(now);
            held.Answered(new(new(1, at + 1), ask.Want, level, 0), ask, sent, now, Rule, now);
            if (ask.Need > 0) calls++;
        }
        return calls;
    }
}
