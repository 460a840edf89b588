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
    private const int MostBuckets = 1_000_000;
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
        for (var i = 0; i < charges.Length; i++)
        {
            answers[i] = Take(charges[i], now);
            if (answers[i].IsAdmitted) continue;
            for (var j = 0; j < i; j++) Return(charges[j], now);
            return new ChargeAnswer(i);
        }
        return new ChargeAnswer(-1);
    }

    public void Dispose() => _sweep.Dispose();

    private long Now() => _clock.GetElapsedTime(_start).Ticks * 100;

    private BucketAnswer Take(BucketCharge charge, long now)
    {
        while (true)
        {
            if (Find(charge, now) is { } bucket && bucket.TryTake(now, charge.Cost, out var answer)) return answer;
        }
    }

    private void Return(BucketCharge charge, long now)
    {
        while (Find(charge, now)?.TryReturn(charge.Cost) != true)
        {
            // Another thread is about to put a bucket of another rule in its place.
        }
    }

    /// <returns>Null where the bucket is being replaced by one of another rule.</returns>
    private Bucket? Find(BucketCharge charge, long now)
    {
        var id = charge.Bucket;
        if (_buckets.TryGetValue(id, out var bucket)) return bucket.Rule == charge.Rule ? bucket : Replace(id, bucket, charge.Rule, now);
        if (Volatile.Read(ref _count) >= MostBuckets) id = id with { Subject = "#" + (id.Subject.GetHashCode(StringComparison.Ordinal) & (SharedBuckets - 1)) };
        var made = new Bucket(charge.Rule, TokenBucket.Full);
        var found = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) Interlocked.Increment(ref _count);
        return found.Rule == charge.Rule ? found : Replace(id, found, charge.Rule, now);
    }

    /// <summary>A revision changed the rule: what is left goes over.</summary>
    private Bucket? Replace(BucketId id, Bucket old, BucketRule rule, long now)
    {
        if (!old.TryRetire(out var until)) return null;
        var made = new Bucket(rule, TokenBucket.Under(old.Rule, rule, until, now));
        // Only who retired a bucket may replace it.
        _buckets[id] = made;
        return made;
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

    private sealed class Bucket(BucketRule rule, long state)
    {
        private const long Retired = -1;

        private long _until = state;

        public BucketRule Rule => rule;

        /// <returns>False where the bucket was retired meanwhile, and another must be found.</returns>
        public bool TryTake(long now, long cost, out BucketAnswer answer)
        {
            while (true)
            {
                var until = Volatile.Read(ref _until);
                answer = TokenBucket.Take(rule, until, now, cost);
                if (until == Retired) return false;
                if (!answer.IsAdmitted || Interlocked.CompareExchange(ref _until, answer.Until, until) == until) return true;
            }
        }

        /// <returns>False where the bucket was retired meanwhile, and another must be found.</returns>
        public bool TryReturn(long cost)
        {
            while (true)
            {
                var until = Volatile.Read(ref _until);
                if (until == Retired) return false;
                if (Interlocked.CompareExchange(ref _until, TokenBucket.Return(rule, until, cost), until) == until) return true;
            }
        }

        /// <returns>False where another thread has retired it.</returns>
        public bool TryRetire(out long until)
        {
            until = Interlocked.Exchange(ref _until, Retired);
            return until != Retired;
        }

        public bool TryRetire(long now)
        {
            var until = Volatile.Read(ref _until);
            return until != Retired && until <= now && Interlocked.CompareExchange(ref _until, Retired, until) == until;
        }
    }
}
