using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Values;

namespace Drizzle.Conformance;

public abstract class BucketOwnerTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private const long Second = 1_000_000_000;

    [TestMethod]
    public void The_answer_says_what_is_left_and_when_to_come_again()
    {
        var rule = BucketRule.Of(Rate.PerSecondOf(10), burst: 3);
        foreach (var remaining in new long[] { 2, 1, 0 }) Assert.AreEqual((true, remaining, 0L), Charge("a", rule, 1));
        Assert.AreEqual((false, 0L, Second / 10), Charge("a", rule, 1));
        Assert.AreEqual((false, 0L, Second / 5), Charge("a", rule, 2));
        Clock.Advance(TimeSpan.FromMilliseconds(40));
        Assert.AreEqual((false, 0L, 60_000_000L), Charge("a", rule, 1));
        Clock.Advance(TimeSpan.FromMilliseconds(60));
        Assert.AreEqual((true, 0L, 0L), Charge("a", rule, 1));
        Assert.AreEqual((true, 2L, 0L), Charge("b", rule, 1));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.AreEqual((true, 0L, 0L), Charge("a", rule, 3));
    }

    [TestMethod]
    public void A_cost_above_the_burst_is_never_admitted_and_costs_nothing()
    {
        var rule = BucketRule.Of(Rate.PerSecondOf(10), burst: 3);
        Assert.AreEqual((false, 3L, -1L), Charge("a", rule, 4));
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.AreEqual((false, 3L, -1L), Charge("a", rule, long.MaxValue));
        Assert.AreEqual((true, 0L, 0L), Charge("a", rule, 3));
    }

    [TestMethod]
    public void A_refusal_names_the_bucket_and_puts_the_others_back()
    {
        var wide = BucketRule.Of(Rate.PerSecondOf(1), burst: 10);
        var narrow = BucketRule.Of(Rate.PerSecondOf(1), burst: 1);
        BucketCharge[] charges = [Of("first", wide, 3), Of("narrow", narrow, 1), Of("last", wide, 3)];
        var answers = new BucketAnswer[3];
        Assert.AreEqual(new ChargeAnswer(-1), Engine.Buckets.Charge(charges, answers));
        Assert.AreSequenceEqual(new long[] { 7, 0, 7 }, answers.Select(a => a.Remaining));
        for (var i = 0; i < 5; i++)
        {
            Assert.AreEqual(new ChargeAnswer(1), Engine.Buckets.Charge(charges, answers));
            Assert.AreEqual((false, Second), (answers[1].IsAdmitted, answers[1].RetryAfter));
        }
        Assert.AreEqual((true, 6L, 0L), Charge("first", wide, 1));
        Assert.AreEqual((true, 6L, 0L), Charge("last", wide, 1));
    }

    [TestMethod]
    public void A_bucket_named_twice_is_charged_twice_or_not_at_all()
    {
        var rule = BucketRule.Of(Rate.PerSecondOf(1), burst: 3);
        var answers = new BucketAnswer[2];
        Assert.AreEqual(new ChargeAnswer(1), Engine.Buckets.Charge([Of("a", rule, 2), Of("a", rule, 2)], answers));
        Assert.AreEqual(new ChargeAnswer(-1), Engine.Buckets.Charge([Of("a", rule, 2), Of("a", rule, 1)], answers));
        Assert.AreEqual((false, 0L, Second), Charge("a", rule, 1));
    }

    [TestMethod]
    public void Threads_that_are_refused_by_one_bucket_leave_no_trace_in_the_others()
    {
        var shared = BucketRule.Of(Rate.PerSecondOf(1), burst: 100_000);
        var narrow = BucketRule.Of(Rate.PerSecondOf(1), burst: 300);
        var admitted = new int[8];
        InParallel(admitted.Length, thread =>
        {
            var answers = new BucketAnswer[3];
            BucketCharge[] charges = [Of("shared", shared, 2), Of("narrow", narrow, 1), Of($"own-{thread}", shared, 1)];
            for (var i = 0; i < 2_000; i++)
            {
                if (Engine.Buckets.Charge(charges, answers).IsAdmitted) admitted[thread]++;
            }
        });
        Assert.AreEqual(300, admitted.Sum());
        Assert.AreEqual((true, 100_000L - (2 * 300) - 1, 0L), Charge("shared", shared, 1));
        for (var i = 0; i < admitted.Length; i++) Assert.AreEqual((true, 100_000L - admitted[i] - 1, 0L), Charge($"own-{i}", shared, 1));
    }

    [TestMethod]
    public void In_every_window_eight_threads_get_no_more_than_the_burst_and_what_the_rate_refills()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            var rule = RandomRule(random);
            var bucket = new BucketId($"limit-{seed}", "");
            var other = Of($"other-{seed}", new BucketRule(rule.Interval, Math.Max(1, rule.Burst / 2)), 1);
            var admitted = new List<Admission>[8];
            InParallel(admitted.Length, thread => admitted[thread] = Hammer(new BucketCharge(bucket, rule, 1), other, new Random((seed * 100) + thread)));
            ExpectExact(admitted.SelectMany(a => a).ToList(), rule, $"seed {seed}, {rule}");
        }
    }

    [TestMethod]
    public void What_is_put_back_late_is_not_added_to_what_was_refilled_meanwhile()
    {
        var rule = BucketRule.Of(Rate.PerSecondOf(1), burst: 4);
        var narrow = Of("narrow", rule with { Burst = 1 }, 1);
        var admitted = new List<Admission>[4];
        var rounds = 20_000;
        InParallel(admitted.Length, thread =>
        {
            var mine = admitted[thread] = [];
            while (Volatile.Read(ref rounds) > 0)
            {
                if (thread > 0)
                {
                    Try(mine, [Of("wide", rule, 2), narrow]);
                    continue;
                }
                Clock.Advance(TimeSpan.FromSeconds(4));
                Try(mine, [Of("wide", rule, 4)]);
                Try(mine, [Of("wide", rule, 4)]);
                Volatile.Write(ref rounds, rounds - 1);
            }
        });
        foreach (var run in admitted.SelectMany(a => a).OrderBy(a => a.From).Chunk(100)) ExpectExact(run, rule, "late");
    }

    [TestMethod]
    public void Buckets_that_are_full_may_be_forgotten_for_no_decision_depends_on_it()
    {
        var random = new Random(5);
        var rules = Enumerable.Range(0, 40).Select(_ => RandomRule(random)).ToArray();
        var remembered = new long[rules.Length];
        var elapsed = TimeSpan.Zero;
        for (var step = 0; step < 3_000; step++)
        {
            var by = random.Next(6) switch { 0 => TimeSpan.FromSeconds(random.Next(90)), 1 => TimeSpan.FromMilliseconds(random.Next(3_000)), _ => TimeSpan.Zero };
            Clock.Advance(by);
            elapsed += by;
            var i = random.Next(rules.Length);
            var cost = random.NextInt64(1, rules[i].Burst + 2);
            var expected = TokenBucket.Take(rules[i], remembered[i], elapsed.Ticks * 100, cost);
            remembered[i] = expected.Until;
            Assert.AreEqual((expected.IsAdmitted, expected.Remaining, expected.RetryAfter), Charge($"{i}", rules[i], cost), $"step {step}, {rules[i]}");
        }
    }

    /// <summary>Not earlier than <paramref name="From"/>, not later than <paramref name="To"/>, in nanoseconds.</summary>
    private readonly record struct Admission(long From, long To, long Cost);

    private List<Admission> Hammer(BucketCharge charge, BucketCharge other, Random random)
    {
        var admitted = new List<Admission>();
        for (var i = 0; i < 400; i++)
        {
            if (random.Next(20) == 0) Clock.Advance(TimeSpan.FromTicks(random.NextInt64(charge.Rule.Fill / 200)));
            var costly = charge with { Cost = random.NextInt64(1, Math.Min(4, charge.Rule.Burst + 1)) };
            if (random.Next(3) == 0) Try(admitted, [costly]);
            else Try(admitted, [costly, other]);
        }
        return admitted;
    }

    private void Try(List<Admission> admitted, ReadOnlySpan<BucketCharge> charges)
    {
        Span<BucketAnswer> answers = stackalloc BucketAnswer[2];
        var from = Clock.GetTimestamp() * 100;
        if (Engine.Buckets.Charge(charges, answers).IsAdmitted) admitted.Add(new(from, Clock.GetTimestamp() * 100, charges[0].Cost));
    }

    private static void ExpectExact(IReadOnlyList<Admission> admitted, BucketRule rule, string what)
    {
        Assert.IsNotEmpty(admitted, what);
        foreach (var start in admitted.Select(a => a.From).Distinct())
        {
            Int128 tokens = 0;
            foreach (var admission in admitted.Where(a => a.From >= start).OrderBy(a => a.To))
            {
                tokens += admission.Cost;
                Assert.IsTrue((tokens - rule.Burst) * rule.Interval <= admission.To - start, $"{what}: {tokens} in {admission.To - start} ns");
            }
        }
    }

    private static BucketRule RandomRule(Random random) =>
        BucketRule.Of(new(random.NextInt64(1, random.Next(2) == 0 ? 10 : 5_000), "smh"[random.Next(3)]), random.NextInt64(1, 60));

    private static BucketCharge Of(string limit, BucketRule rule, long cost) => new(new(limit, ""), rule, cost);

    private static void InParallel(int count, Action<int> work)
    {
        using var start = new Barrier(count);
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => Run(i))).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (failures.Count > 0) throw new AggregateException(failures);

        void Run(int i)
        {
            start.SignalAndWait();
            try
            {
                work(i);
            }
            catch (Exception e)
            {
                lock (failures) failures.Add(e);
            }
        }
    }

    private (bool IsAdmitted, long Remaining, long RetryAfter) Charge(string limit, BucketRule rule, long cost)
    {
        Span<BucketAnswer> answers = stackalloc BucketAnswer[1];
        var answer = Engine.Buckets.Charge([Of(limit, rule, cost)], answers);
        Assert.AreEqual(answer.IsAdmitted, answers[0].IsAdmitted);
        return (answers[0].IsAdmitted, answers[0].Remaining, answers[0].RetryAfter);
    }
}
