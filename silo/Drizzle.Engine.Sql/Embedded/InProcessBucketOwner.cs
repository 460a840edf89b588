using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>
/// Buckets in memory. A bucket's state is one number that is changed by compare-and-exchange alone, so requests share no lock.
/// Full buckets are forgotten every half minute; past <see cref="MostBuckets"/>, new subjects of a limit share a thousand buckets.
/// </summary>
internal sealed class InProcessBucketOwner : IBucketOwner, IDisposable
{
    private const int MostBuckets = 250_000;
    private const int SharedBuckets = 1024;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<BucketId, Bucket> _buckets = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private readonly long _start;

    // Counting a concurrent dictionary takes all its locks, so the count is refreshed by the sweep and kept roughly between.
    private int _count;

    public InProcessBucketOwner(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    public ChargeAnswer Charge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers)
    {
        var now = Now();
        while (true)
        {
            var refusedBy = TryCharge(charges, answers, now);
            if (refusedBy < 0) return new ChargeAnswer(refusedBy);
            // A thread that was set aside after it read the clock finds buckets that others charged later; where the wait is over already, the clock decides again.
            var later = Now();
            if (answers[refusedBy].RetryAfter is var wait && (wait < 0 || later - now < wait)) return new ChargeAnswer(refusedBy);
            now = later;
        }
    }

    public void Dispose() => _sweep.Dispose();

    private long Now() => _clock.GetElapsedTime(_start).Ticks * 100;

    /// <returns>The index of the charge that was refused; -1 when all were taken.</returns>
    private int TryCharge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers, long now)
    {
        // A look first: but for a race, a refused request then takes nothing that it would have to put back.
        for (var i = 0; i < charges.Length && charges.Length > 1; i++)
        {
            answers[i] = Find(charges[i].Bucket).Look(charges[i], now);
            if (!answers[i].IsAdmitted) return i;
        }
        for (var i = 0; i < charges.Length; i++)
        {
            answers[i] = Take(charges[i], now);
            if (answers[i].IsAdmitted) continue;
            for (var j = 0; j < i; j++) Return(charges[j], now);
            return i;
        }
        return -1;
    }

    private BucketAnswer Take(BucketCharge charge, long now)
    {
        while (true)
        {
            if (Find(charge.Bucket).TryTake(charge.Rule, now, charge.Cost, out var answer)) return answer;
        }
    }

    private void Return(BucketCharge charge, long taken)
    {
        var bucket = Find(charge.Bucket);
        while (true)
        {
            // The clock is read after the state, so that it is not behind the one of any taking in that state.
            var until = bucket.Until;
            if (bucket.TryReturn(charge, until, held: Now() - taken)) return;
        }
    }

    private Bucket Find(BucketId id)
    {
        if (_buckets.TryGetValue(id, out var bucket)) return bucket;
        if (Volatile.Read(ref _count) >= MostBuckets) id = id with { Subject = "#" + (id.Subject.GetHashCode(StringComparison.Ordinal) & (SharedBuckets - 1)) };
        var made = new Bucket();
        var found = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) Interlocked.Increment(ref _count);
        return found;
    }

    private void Sweep()
    {
        var now = Now();
        foreach (var (id, bucket) in _buckets)
        {
            if (bucket.TryRetire(now)) _buckets.TryRemove(new(id, bucket));
        }
        Volatile.Write(ref _count, _buckets.Count);
    }

    private sealed class Bucket
    {
        private const long Retired = -1;

        private long _until = TokenBucket.Full;

        public long Until => Volatile.Read(ref _until);

        /// <returns>False where the bucket was retired meanwhile, and another must be found.</returns>
        public bool TryTake(BucketRule rule, long now, long cost, out BucketAnswer answer)
        {
            while (true)
            {
                var until = Volatile.Read(ref _until);
                answer = TokenBucket.Take(rule, until, now, cost);
                if (until == Retired) return false;
                if (!answer.IsAdmitted || Interlocked.CompareExchange(ref _until, answer.Until, until) == until) return true;
            }
        }

        public BucketAnswer Look(BucketCharge charge, long now) => TokenBucket.Take(charge.Rule, Until, now, charge.Cost);

        /// <summary>A retired bucket was full, so there is nothing to put back.</summary>
        /// <returns>False where the state is no longer <paramref name="until"/>.</returns>
        public bool TryReturn(BucketCharge charge, long until, long held) =>
            until == Retired || Interlocked.CompareExchange(ref _until, TokenBucket.Return(charge.Rule, until, charge.Cost, held), until) == until;

        public bool TryRetire(long now)
        {
            var until = Volatile.Read(ref _until);
            return until != Retired && until <= now && Interlocked.CompareExchange(ref _until, Retired, until) == until;
        }
    }
}
