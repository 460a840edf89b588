using System.Collections.Concurrent;
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
    private const long ShortestRest = 13 * Millisecond;
    private static readonly TimeSpan ComesAt = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(LeaseTerms.Patience / Millisecond);
    private static readonly BucketRule Rule = new(10 * Millisecond, 50);
    private static readonly BucketId Id = new("acme/plan:p/steady", "mobile");

    [TestMethod]
    public async Task A_request_waits_until_the_owner_is_asked_again_and_passes()
    {
        var clock = new FakeClock();
        await WaitAndPassAsync(clock, clock);
    }

    [TestMethod]
    public async Task So_it_does_wherever_threads_are_set_aside()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var clock = new FakeClock();
            await WaitAndPassAsync(clock, new HesitatingClock(clock, seed));
        }
    }

    /// <param name="clock">Is moved.</param>
    /// <param name="seen">Shows the same time to the edge.</param>
    private static async Task WaitAndPassAsync(FakeClock clock, TimeProvider seen)
    {
        var owner = new Owner(clock, level: 3);
        await using var edge = new LeasedBuckets(owner, "edge", seen);
        await edge.StartAsync();
        Assert.IsTrue(await ChargeAsync(edge, cost: 3));
        Assert.IsFalse(await ChargeAsync(edge, cost: 1), "nothing is left");
        clock.Advance(ComesAt);
        var calls = owner.AskedAt.Count;
        var waiting = ChargeAsync(edge, cost: 1);
        await Eventually.TrueAsync(() => clock.NextDue < Patience, "the edge waits to ask again");
        Assert.IsFalse(waiting.IsCompleted);
        Assert.HasCount(calls, owner.AskedAt, "it has filled by one, but is left alone for a while");
        await Eventually.TrueAsync(() => IsOverAfterPause(waiting, clock), "it passes while it may wait");
        Assert.IsTrue(await waiting.Soon());
        var asked = owner.AskedAt.ToArray();
        Assert.IsGreaterThanOrEqualTo(ShortestRest, asked[calls] - asked[calls - 1]);
    }

    /// <summary>
    /// Time goes on to where the next pause ends, which may have begun late: the loop may have read the clock before it was moved. But not so far that the request
    /// must be decided without the owner.
    /// </summary>
    private static bool IsOverAfterPause(Task waiting, FakeClock clock)
    {
        var now = clock.GetUtcNow() - FakeClock.Start;
        if (clock.NextDue is { } due && due < ComesAt + Patience) clock.Advance(due - now);
        return waiting.IsCompleted;
    }

    private static async Task<bool> ChargeAsync(LeasedBuckets edge, long cost) =>
        (await edge.ChargeAsync(new BucketCharge[] { new(Id, Rule, cost, OnFailure: OnFailure.Deny) }, new BucketAnswer[1])).IsAdmitted;

    /// <summary>Sets whoever asks it aside for a moment, so that meanwhile the time may be another.</summary>
    private sealed class HesitatingClock(FakeClock clock, int seed) : TimeProvider
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(20);
        private readonly Lock _drawing = new();
        private readonly Random _random = new(seed);

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Hesitate(clock.GetUtcNow());

        public override long GetTimestamp() => Hesitate(clock.GetTimestamp());

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Hesitate(clock.CreateTimer(callback, state, dueTime, period));

        private T Hesitate<T>(T result)
        {
            TimeSpan time;
            // Mostly not at all: else nothing would ever happen at once.
            lock (_drawing) time = _random.Next(4) == 0 ? _random.NextDouble() * Longest : TimeSpan.Zero;
            SpinWait.SpinUntil(() => false, time);
            return result;
        }
    }

    /// <summary>Answers at once, by the arithmetic.</summary>
    private sealed class Owner(FakeClock clock, long level) : IBucketOwner
    {
        private readonly LeasedBucket _bucket = LeasedBucket.Holding(Rule, level * Rule.Interval, 0);

        /// <summary>When something of the bucket was asked for; nanoseconds.</summary>
        public ConcurrentQueue<long> AskedAt { get; } = new();

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
            AskedAt.Enqueue(now);
            return _bucket.Lease(new(1, AskedAt.Count), edge, request.Ask.Need, request.Ask.Want, now);
        }
    }
}
