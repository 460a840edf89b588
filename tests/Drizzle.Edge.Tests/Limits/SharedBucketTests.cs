using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Limits;

namespace Drizzle.Edge.Tests.Limits;

[TestClass]
public sealed class SharedBucketTests
{
    private const long Millisecond = 1_000_000;
    private static readonly BucketRule Rule = new(10 * Millisecond, 50);
    private readonly SharedBucket _bucket = new(new("acme/plan:p/steady", "mobile"), Rule, revision: 1, now: 0);

    [TestMethod]
    public void As_many_are_needed_as_one_of_those_who_still_wait_needs()
    {
        _bucket.Waits(1);
        _bucket.Waits(5);
        _bucket.Waits(5);
        _bucket.WaitsNoMore(1);
        _bucket.WaitsNoMore(5);
        Assert.AreEqual(new LeaseAsk(5, 5), _bucket.Ask(0, out _)?.Ask);
    }

    [TestMethod]
    public void What_a_request_waits_for_is_asked_for_or_rests_at_every_instant()
    {
        _bucket.Waits(1);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, 0, 10 * Millisecond), now: 0);
        var ends = _bucket.Held.RestsUntil;
        for (var now = 10 * Millisecond; now < ends; now += Millisecond / 100)
        {
            Assert.IsNull(_bucket.Ask(now, out var rest));
            Assert.AreEqual(ends - now, rest);
        }
        Assert.IsNotNull(_bucket.Ask(ends, out _));
    }

    [TestMethod]
    [DataRow(3, true, DisplayName = "as many as there are")]
    [DataRow(4, false, DisplayName = "more")]
    public void Too_little_for_one_request_may_be_enough_for_another(long cost, bool isAskedFor)
    {
        _bucket.Waits(50);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, Level: 3, 47 * Rule.Interval), now: 0);
        _bucket.WaitsNoMore(50);
        var now = _bucket.Held.RestsUntil;
        // Meanwhile it fills: by so many at least.
        var filled = now / Rule.Interval;
        Assert.AreEqual(isAskedFor ? TakeVerdict.Unknown : TakeVerdict.Refused, Try(cost + filled, now));
        Assert.AreEqual(TakeVerdict.Refused, Try(50, now));
        _bucket.Waits(cost + filled);
        Assert.AreEqual(isAskedFor ? cost + filled : null, _bucket.Ask(now, out _)?.Ask.Need);
    }

    [TestMethod]
    public void What_could_not_be_asked_is_asked_again_soon_and_requests_wait_for_that()
    {
        _bucket.Waits(1);
        var first = _bucket.Ask(0, out _);
        Answer(first, new(new(1, 1), 1, 9, 0), now: 0);
        Assert.AreEqual(TakeVerdict.Taken, Try(1, 0), "So it has something to say of a grant.");
        _bucket.Waits(1);
        var asked = _bucket.Ask(0, out _);
        var coming = _bucket.NextAnswer();
        Answer(asked, LeaseAnswer.Unheard, now: Millisecond);
        Assert.IsTrue(coming.IsCompleted, "Who waits looks again,");
        Assert.AreEqual(TakeVerdict.Unknown, Try(1, Millisecond), "and waits for the next answer.");
        Assert.IsNull(_bucket.Ask(Millisecond, out var rest));
        Assert.IsInRange(1, LeaseTerms.Patience / 3, rest);
        Assert.AreEqual(asked?.Ask, _bucket.Ask(Millisecond + rest, out _)?.Ask);
    }

    [TestMethod]
    public void While_an_owner_has_begun_anew_requests_go_on_without_it_whatever_it_says_to_reports()
    {
        const long BeginsAt = 800 * Millisecond;
        const long IsAskedAt = BeginsAt + (50 * Millisecond);
        _bucket.Waits(1);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, LeaseAnswer.NotYet, BeginsAt), now: 0);
        _bucket.WaitsNoMore(1);
        Answer(new LeaseRequest(_bucket.Id, Rule, 1, new(0, 0), []), new(new(1, 0), 0, LeaseAnswer.NotYet, 0), now: Millisecond);
        for (var now = Millisecond; now < IsAskedAt; now += Millisecond) Assert.AreEqual(TakeVerdict.Taken, Try(1, now, OnFailure.Allow));
        Assert.AreEqual(TakeVerdict.Unknown, Try(1, IsAskedAt, OnFailure.Allow));
    }

    [TestMethod]
    [DataRow(0L, DisplayName = "and has nothing")]
    [DataRow(1L, DisplayName = "and has some")]
    public void Once_an_owner_has_begun_its_word_counts_again(long level)
    {
        const long Hour = 3_600_000 * Millisecond;
        _bucket.Waits(20);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, LeaseAnswer.NotYet, Hour), now: 0);
        Assert.AreEqual(TakeVerdict.Taken, Try(20, 1000 * Millisecond, OnFailure.Allow));
        var again = _bucket.Ask(2000 * Millisecond, out _);
        Answer(again, new(new(1, 2), 0, level, Hour), now: 2000 * Millisecond);
        Assert.AreEqual(TakeVerdict.Refused, Try(20, 2500 * Millisecond, OnFailure.Allow));
    }

    [TestMethod]
    public void An_owner_does_not_begin_for_as_long_as_its_bucket_fills()
    {
        _bucket.Waits(20);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, LeaseAnswer.NotYet, 3_600_000 * Millisecond), now: 0);
        Assert.AreEqual(TakeVerdict.Taken, Try(20, 4_999 * Millisecond, OnFailure.Allow));
        Assert.AreEqual(TakeVerdict.Refused, Try(20, 5_001 * Millisecond, OnFailure.Allow));
    }

    [TestMethod]
    public void What_was_not_there_for_a_dear_request_may_be_for_a_cheap_one_also_when_its_owner_begins()
    {
        _bucket.Waits(20);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 0, LeaseAnswer.NotYet, 100 * Millisecond), now: 0);
        Assert.AreEqual(TakeVerdict.Taken, Try(20, Millisecond, OnFailure.Allow));
        Assert.AreEqual(TakeVerdict.Unknown, Try(1, Millisecond, OnFailure.Allow));
    }

    [TestMethod]
    public void An_owner_that_grants_has_begun_whatever_its_level()
    {
        _bucket.Waits(3);
        Answer(_bucket.Ask(0, out _), new(new(1, 1), 3, LeaseAnswer.NotYet, 0), now: 0);
        _bucket.WaitsNoMore(3);
        Assert.AreEqual(TakeVerdict.Taken, Try(3, now: 0));
        Assert.AreEqual(TakeVerdict.Unknown, Try(1, _bucket.Held.RestsUntil));
    }

    [TestMethod]
    public void A_dear_request_is_asked_for_though_two_grants_hold_enough_for_it_together()
    {
        for (var number = 1; number <= 2; number++)
        {
            _bucket.Waits(3 * number);
            Answer(_bucket.Ask(0, out _), new(new(1, number), 3, 40, 0), now: 0);
            _bucket.WaitsNoMore(3 * number);
        }
        _bucket.Waits(1);
        Assert.IsNull(_bucket.Ask(0, out _), "that is in hand");
        _bucket.Waits(4);
        Assert.AreEqual(4, _bucket.Ask(0, out _)?.Ask.Need);
    }

    private TakeVerdict Try(long cost, long now, OnFailure onFailure = OnFailure.Deny) =>
        _bucket.TryTake(new(_bucket.Id, Rule, cost, OnFailure: onFailure), new(IsUp: true, Outages: 0, DownSince: 0, Edges: 1), mayAsk: true, now, out _, out _);

    private void Answer(LeaseRequest? request, LeaseAnswer answer, long now) => _bucket.Answered(request!.Value, answer, now, now);
}
