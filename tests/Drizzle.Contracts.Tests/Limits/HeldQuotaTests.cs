using Drizzle.Contracts.Limits.Quotas;

namespace Drizzle.Contracts.Tests.Limits;

/// <summary>An edge's side of a quota with the ledger's.</summary>
[TestClass]
public sealed class HeldQuotaTests
{
    private const long Second = 1_000_000_000;

    private static readonly QuotaId Id = new("acme/plan:p/q", "mobile", 0);

    [TestMethod]
    public void Nothing_is_in_hand_before_the_ledger_has_granted_it()
    {
        var held = new HeldQuota("h", 0);
        Assert.IsFalse(held.TryReserve(1));
        Assert.AreEqual((1L, 1L), held.WhatToAsk(0, waiting: 1, smallest: 1, isOver: false));
        Answer(held, 0, need: 1, want: 1, granted: 1, left: 9);
        Assert.IsTrue(held.TryReserve(1));
        Assert.IsFalse(held.TryReserve(1));
    }

    [TestMethod]
    public void What_another_limit_refuses_is_in_hand_again_and_was_never_spent()
    {
        var held = With(granted: 5);
        Assert.IsTrue(held.TryReserve(5));
        held.Cancel(5);
        Assert.AreEqual(5, held.InHand);
        Assert.AreEqual(0, held.Send(Id, default, 0, 0, 0).Spent);
    }

    [TestMethod]
    public void About_a_second_of_demand_is_reserved_at_once()
    {
        var held = new HeldQuota("h", 0);
        for (var i = 0; i < 500; i++) held.Asked(1, i * Second / 100);
        for (long now = 0; now < 5 * Second; now += Second / 10)
        {
            held.Asked(10, now);
            held.WhatToAsk(now, 0, long.MaxValue, isOver: false);
        }
        var (_, want) = held.WhatToAsk(5 * Second, waiting: 1, smallest: 1, isOver: false) ?? default;
        Assert.IsTrue(want is > 50 and < 200, $"{want}");
    }

    [TestMethod]
    public void What_is_idle_goes_back_and_what_was_spent_is_told()
    {
        var held = With(granted: 5);
        held.TryReserve(2);
        held.Commit(2);
        Assert.AreEqual((0L, 0L), held.WhatToAsk(1 * Second, 0, long.MaxValue, isOver: false));
        var first = held.Send(Id, default, 0, 0, 1 * Second);
        Assert.AreEqual((5L, 2L), (first.Kept, first.Spent));
        held.Answered(first, new(0, 5), 1 * Second);
        Assert.AreEqual((0L, 0L), held.WhatToAsk(4 * Second, 0, long.MaxValue, isOver: false));
        var last = held.Send(Id, default, 0, 0, 4 * Second);
        Assert.AreEqual((2L, 2L), (last.Kept, last.Spent));
        held.Answered(last, new(0, 8), 4 * Second);
        Assert.IsTrue(held.IsSettled);
        Assert.IsNull(held.WhatToAsk(20 * Second, 0, long.MaxValue, isOver: false));
    }

    [TestMethod]
    public void At_the_windows_end_everything_goes_back_and_nothing_more_is_wanted()
    {
        var held = With(granted: 5);
        held.Asked(1000, 0);
        Assert.AreEqual((0L, 0L), held.WhatToAsk(1, waiting: 3, smallest: 1, isOver: true));
        Assert.AreEqual(0, held.Send(Id, default, 0, 0, 1).Kept);
    }

    [TestMethod]
    public void An_edge_that_was_told_that_nothing_is_left_asks_again_after_a_second()
    {
        var held = new HeldQuota("h", 0);
        Answer(held, 0, need: 1, want: 1, granted: 0, left: 0);
        Assert.IsTrue(held.IsExhausted(1, Second - 1));
        Assert.IsNull(held.WhatToAsk(Second / 2, waiting: 1, smallest: 1, isOver: false));
        Assert.IsFalse(held.IsExhausted(1, Second));
        Assert.AreEqual((1L, 1L), held.WhatToAsk(Second, waiting: 1, smallest: 1, isOver: false));
    }

    [TestMethod]
    public void Too_little_for_one_request_may_be_enough_for_another()
    {
        var held = new HeldQuota("h", 0);
        Answer(held, 0, need: 5, want: 5, granted: 0, left: 3);
        Assert.IsTrue(held.IsExhausted(4, 1));
        Assert.IsNull(held.WhatToAsk(1, waiting: 4, smallest: 4, isOver: false));
        Assert.IsFalse(held.IsExhausted(3, 1));
        Assert.AreEqual((3L, 3L), held.WhatToAsk(1, waiting: 3, smallest: 3, isOver: false));
    }

    [TestMethod]
    public void What_is_taken_without_the_ledger_is_said_to_it()
    {
        var held = With(granted: 1);
        held.TakeUnreserved(4);
        held.Commit(4);
        held.TakeUnreserved(1);
        held.CancelUnreserved(1);
        var ask = held.Send(Id, default, 0, 0, 0);
        Assert.AreEqual((5L, 4L), (ask.Kept, ask.Spent));
    }

    [TestMethod]
    public void Answers_that_are_lost_late_and_doubled_never_let_edges_spend_more_than_there_is_nor_lose_any()
    {
        for (var seed = 0; seed < 200; seed++) Run(new Random(seed), seed);
    }

    private static void Run(Random random, int seed)
    {
        const long Amount = 200;
        var totals = new QuotaTotals(Amount, 0, 0, 0, 0);
        var edges = Enumerable.Range(0, 3).Select(_ => new HeldQuota("h", 0)).ToArray();
        var parts = new QuotaPart[3];
        var spent = 0L;
        var late = new List<(int Edge, QuotaAsk Ask)>();
        long now = 0;
        for (var step = 0; step < 600; step++)
        {
            now += random.NextInt64(Second / 5);
            var i = random.Next(3);
            var cost = random.Next(1, 4);
            edges[i].Asked(cost, now);
            if (edges[i].TryReserve(cost))
            {
                if (random.Next(4) == 0) edges[i].Cancel(cost);
                else
                {
                    edges[i].Commit(cost);
                    spent += cost;
                }
            }
            if (edges[i].WhatToAsk(now, random.Next(2) * cost, cost, isOver: false) is { } what)
            {
                var ask = edges[i].Send(Id, default, what.Need, what.Want, now);
                var fate = random.Next(5);
                var answer = fate == 0 ? default : Serve(i, ask);
                if (fate == 1) Serve(i, ask);
                if (fate is 0 or 2) edges[i].Lost();
                else edges[i].Answered(ask, answer, now);
                if (fate == 0) late.Add((i, ask));
            }
            if (late.Count > 0 && random.Next(6) == 0)
            {
                Serve(late[0].Edge, late[0].Ask);
                late.RemoveAt(0);
            }
            Assert.IsLessThanOrEqualTo(Amount, spent, $"seed {seed}");
        }
        for (var i = 0; i < edges.Length; i++)
        {
            if (edges[i].IsAsking) edges[i].Lost();
            edges[i].GiveBack();
            Serve(i, edges[i].Send(Id, default, 0, 0, now));
        }
        Assert.AreEqual((spent, spent), (totals.Spent, totals.Reserved), $"seed {seed}");

        QuotaAnswer Serve(int edge, QuotaAsk ask)
        {
            (totals, parts[edge], var answer) = QuotaArithmetic.Reserve(totals, parts[edge], ask, 3);
            return answer;
        }
    }

    private static HeldQuota With(long granted)
    {
        var held = new HeldQuota("h", 0);
        Answer(held, 0, need: 1, want: granted, granted, left: 10 - granted);
        return held;
    }

    private static void Answer(HeldQuota held, long now, long need, long want, long granted, long left)
    {
        var ask = held.Send(Id, default, need, want, now);
        held.Answered(ask, new(granted, left), now);
    }
}
