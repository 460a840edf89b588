using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Limits;

[TestClass]
public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [TestMethod]
    public void A_bucket_gives_its_burst_at_once_and_then_one_token_an_interval()
    {
        var rule = BucketRule.Of(Rate.PerSecondOf(10), burst: 3);
        var now = 5 * Second;
        var until = TokenBucket.Full;
        foreach (var remaining in new long[] { 2, 1, 0 })
        {
            var taken = TokenBucket.Take(rule, until, now, cost: 1);
            Assert.AreEqual(new BucketAnswer(true, taken.Until, remaining, 0), taken);
            until = taken.Until;
        }
        Assert.AreEqual(new BucketAnswer(false, until, 0, Second / 10), TokenBucket.Take(rule, until, now, cost: 1));
        var next = TokenBucket.Take(rule, until, now + (Second / 10), cost: 1);
        Assert.AreEqual(new BucketAnswer(true, until + (Second / 10), 0, 0), next);
        Assert.AreEqual(3, TokenBucket.Level(rule, next.Until, now + Second));
    }

    [TestMethod]
    public void A_refusal_costs_nothing()
    {
        var rule = new BucketRule(Interval: 100, Burst: 5);
        var until = TokenBucket.Take(rule, TokenBucket.Full, now: 1000, cost: 4).Until;
        var refused = TokenBucket.Take(rule, until, now: 1000, cost: 2);
        Assert.AreEqual(new BucketAnswer(false, until, 1, 100), refused);
        Assert.IsTrue(TokenBucket.Take(rule, refused.Until, now: 1000, cost: 1).IsAdmitted);
    }

    [TestMethod]
    public void A_cost_above_the_burst_is_never_admitted_and_says_so()
    {
        var rule = new BucketRule(Interval: 100, Burst: 5);
        Assert.AreEqual(new BucketAnswer(false, TokenBucket.Full, 5, -1), TokenBucket.Take(rule, TokenBucket.Full, now: 1000, cost: 6));
        Assert.AreEqual(-1, TokenBucket.Take(rule, TokenBucket.Full, now: 1000, cost: long.MaxValue).RetryAfter);
    }

    [TestMethod]
    [DataRow("1/s", 1_000_000_000L)]
    [DataRow("3/s", 333_333_334L)]
    [DataRow("60/m", 1_000_000_000L)]
    [DataRow("7/m", 8_571_428_572L)]
    [DataRow("1/d", 86_400_000_000_000L)]
    [DataRow("1000000/s", 1_000L)]
    public void Intervals_are_rounded_up_so_that_no_token_comes_early(string text, long interval)
    {
        Assert.IsTrue(Rate.TryParse(text, out var rate));
        Assert.AreEqual(interval, BucketRule.Of(rate, 1).Interval);
    }

    [TestMethod]
    public void The_largest_bucket_that_validation_lets_through_does_not_overflow()
    {
        var rule = BucketRule.Of(new(1, 'd'), burst: 3650);
        Assert.AreEqual(BucketRule.LongestFill, rule.Fill);
        var now = BucketRule.LongestFill;
        var emptied = TokenBucket.Take(rule, TokenBucket.Full, now, cost: 3650);
        Assert.IsTrue(emptied.IsAdmitted);
        Assert.AreEqual(rule.Interval, TokenBucket.Take(rule, emptied.Until, now, cost: 1).RetryAfter);
    }

    [TestMethod]
    public void In_every_window_no_more_is_admitted_than_the_burst_and_what_the_rate_refills()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var rate = RandomRate(random);
            var burst = random.NextInt64(1, 40);
            var rule = BucketRule.Of(rate, burst);
            var admitted = Run(random, rule, steps: 200);
            for (var from = 0; from < admitted.Count; from++)
            {
                Int128 tokens = 0;
                for (var to = from; to < admitted.Count; to++)
                {
                    tokens += admitted[to].Cost;
                    var refilled = (Int128)(admitted[to].At - admitted[from].At) * rate.Amount;
                    Assert.IsTrue((tokens - burst) * rate.UnitSeconds * Second <= refilled, $"seed {seed}, {rate}, burst {burst}: admissions {from} to {to}");
                }
            }
        }
    }

    [TestMethod]
    public void The_level_is_never_negative_nor_above_the_burst()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var rule = new BucketRule(random.NextInt64(1, Second), random.NextInt64(1, 40));
            var until = TokenBucket.Full;
            var now = Second;
            for (var step = 0; step < 200; step++)
            {
                now += random.NextInt64(2 * rule.Interval);
                var cost = random.NextInt64(1, rule.Burst + 2);
                var answer = TokenBucket.Take(rule, until, now, cost);
                Assert.AreEqual(TokenBucket.Level(rule, answer.Until, now), answer.Remaining);
                Assert.IsTrue(answer.Remaining >= 0 && answer.Remaining <= rule.Burst, $"seed {seed}: level {answer.Remaining}");
                if (answer.IsAdmitted) Assert.IsTrue(answer.Remaining <= rule.Burst - cost, $"seed {seed}: {cost} taken, {answer.Remaining} left of {rule.Burst}");
                until = random.Next(3) == 0 && answer.IsAdmitted ? TokenBucket.Return(rule, answer.Until, random.NextInt64(1, cost + 1)) : answer.Until;
                var level = TokenBucket.Level(rule, until, now);
                Assert.IsTrue(level >= 0 && level <= rule.Burst, $"seed {seed}: level {level} after a return");
            }
        }
    }

    [TestMethod]
    public void What_is_taken_and_returned_leaves_the_bucket_as_it_was()
    {
        var random = new Random(11);
        for (var i = 0; i < 5_000; i++)
        {
            var rule = new BucketRule(random.NextInt64(1, Second), random.NextInt64(1, 40));
            var now = random.NextInt64(Second, 1000 * Second);
            var until = Math.Max(TokenBucket.Full, now + random.NextInt64(-rule.Fill, rule.Fill + 1));
            var cost = random.NextInt64(1, rule.Burst + 1);
            var taken = TokenBucket.Take(rule, until, now, cost);
            if (!taken.IsAdmitted) continue;
            Assert.AreEqual(Math.Max(until, now), TokenBucket.Return(rule, taken.Until, cost));
        }
    }

    [TestMethod]
    public void A_return_never_overfills()
    {
        var rule = new BucketRule(Interval: 100, Burst: 5);
        Assert.AreEqual(TokenBucket.Full, TokenBucket.Return(rule, until: 150, cost: 5));
        Assert.AreEqual(5, TokenBucket.Level(rule, TokenBucket.Return(rule, until: 150, cost: 5), now: 100));
    }

    [TestMethod]
    public void The_retry_time_is_exact_to_the_nanosecond()
    {
        var random = new Random(13);
        var refusals = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var rule = new BucketRule(random.NextInt64(1, Second), random.NextInt64(1, 40));
            var now = random.NextInt64(Second, 1000 * Second);
            var until = now + random.NextInt64(rule.Fill + 1);
            var cost = random.NextInt64(1, rule.Burst + 1);
            var answer = TokenBucket.Take(rule, until, now, cost);
            if (answer.IsAdmitted) continue;
            refusals++;
            Assert.IsFalse(TokenBucket.Take(rule, until, now + answer.RetryAfter - 1, cost).IsAdmitted);
            Assert.IsTrue(TokenBucket.Take(rule, until, now + answer.RetryAfter, cost).IsAdmitted);
        }
        Assert.IsGreaterThan(1_000, refusals);
    }

    [TestMethod]
    public void A_smaller_burst_admits_nothing_until_the_old_debt_has_drained()
    {
        var now = Second;
        var until = TokenBucket.Take(new(Interval: 100, Burst: 10), TokenBucket.Full, now, cost: 10).Until;
        var smaller = new BucketRule(Interval: 100, Burst: 2);
        Assert.AreEqual(new BucketAnswer(false, until, 0, 900), TokenBucket.Take(smaller, until, now, cost: 1));
    }

    private static Rate RandomRate(Random random)
    {
        var unit = "smhd"[random.Next(4)];
        return new(random.NextInt64(1, random.Next(2) == 0 ? 10 : 100_000), unit);
    }

    private static List<(long At, long Cost)> Run(Random random, BucketRule rule, int steps)
    {
        var admitted = new List<(long At, long Cost)>();
        var until = TokenBucket.Full;
        var now = Second;
        for (var step = 0; step < steps; step++)
        {
            now += random.Next(4) switch { 0 => 0, 1 => random.NextInt64(rule.Interval), 2 => rule.Interval, _ => random.NextInt64(rule.Fill) };
            var cost = random.Next(3) == 0 ? random.NextInt64(1, rule.Burst + 2) : 1;
            var answer = TokenBucket.Take(rule, until, now, cost);
            until = answer.Until;
            if (answer.IsAdmitted) admitted.Add((now, cost));
        }
        return admitted;
    }
}
