using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Limits;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Limits;

/// <summary>One edge and the owner of one bucket, in time that stands still between steps.</summary>
[TestClass]
public sealed class LeasedBucketsTests
{
    private const long Millisecond = 1_000_000;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(28);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);
    private static readonly BucketRule Rule = new(10 * Millisecond, 50);
    private static readonly BucketId Id = new("acme/plan:p/steady", "mobile");

    [TestMethod]
    public async Task A_request_waits_until_the_owner_is_asked_again_and_passes()
    {
        var clock = new FakeClock();
        var owner = new Owner(clock, level: 3);
        await using var edge = new LeasedBuckets(owner, "edge", clock);
        await edge.StartAsync();
        Assert.IsTrue(await ChargeAsync(edge, cost: 3));
        Assert.IsFalse(await ChargeAsync(edge, cost: 1), "nothing is left");
        clock.Advance(TimeSpan.FromMilliseconds(12));
        var calls = owner.Calls;
        var waiting = ChargeAsync(edge, cost: 1);
        await Eventually.TrueAsync(() => clock.NextDue <= LongestRest, "the edge waits to ask again");
        Assert.IsFalse(waiting.IsCompleted);
        Assert.AreEqual(calls, owner.Calls, "it has filled by one, but is left alone for a while");
        await Eventually.TrueAsync(() => IsOverAfterStep(waiting, clock), "it passes before the longest rest is over");
        Assert.IsTrue(await waiting.Soon());
        Assert.AreEqual(calls + 1, owner.Calls);
    }

    /// <summary>A pause may be one that begins only now, so that time goes on as far as the next one ends, and no further than the longest rest.</summary>
    private static bool IsOverAfterStep(Task waiting, FakeClock clock)
    {
        var now = clock.GetUtcNow() - FakeClock.Start;
        if (clock.NextDue is { } due && due <= LongestRest + Step) clock.Advance(due - now);
        return waiting.IsCompleted;
    }

    private static async Task<bool> ChargeAsync(LeasedBuckets edge, long cost) =>
        (await edge.ChargeAsync(new BucketCharge[] { new(Id, Rule, cost, OnFailure: OnFailure.Deny) }, new BucketAnswer[1])).IsAdmitted;

    /// <summary>Answers at once, by the arithmetic.</summary>
    private sealed class Owner(FakeClock clock, long level) : IBucketOwner
    {
        private readonly LeasedBucket _bucket = LeasedBucket.Holding(Rule, level * Rule.Interval, 0);
        private int _calls;

        /// <summary>In which something of the bucket was asked for.</summary>
        public int Calls => Volatile.Read(ref _calls);

        public ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation) =>
            new(new LeaseAnswers([.. requests.Select(r => Answer(edge, r))], 1));

        public ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation) => default;

        public ValueTask<long> ForgetFullAsync(CancellationToken cancellation) => new(0);

        private LeaseAnswer Answer(string edge, LeaseRequest request)
        {
            if (request.Bucket != Id) return new(new(1, 1), request.Ask.Want, 1000, 0);
            var now = clock.GetTimestamp() * 100;
            foreach (var report in request.Reports) _bucket.Report(report.Grant.Number, report.Spent, report.IsFinal, now);
            if (request.Ask.Need == 0) return new(new(1, 0), 0, 0, 0);
            return _bucket.Lease(new(1, Interlocked.Increment(ref _calls)), edge, request.Ask.Need, request.Ask.Want, now);
        }
    }
}
