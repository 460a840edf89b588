using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

/// <param name="FullIn">Nanoseconds until it is full.</param>
internal readonly record struct KeptBucket(BucketId Id, BucketRule Rule, long FullIn);

/// <summary>
/// Buckets in memory. A bucket's state is one number that is changed by compare-and-exchange alone, so requests share no lock.
/// Full buckets are forgotten every half minute; past <see cref="BucketId.MostOfOneLimit"/>, new subjects of a limit share a thousand buckets.
/// </summary>
internal sealed class InProcessBuckets : IBuckets, IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<BucketId, Bucket> _buckets = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private readonly long _start;
    private volatile bool _hasSlow;

    // A bucket that is not known is full at this instant after it has filled from nothing; 0 where nobody was there before.
    private long _emptyAt = -1;

    private readonly SubjectCounts _counts = new(BucketId.MostKept, BucketId.MostOfOneLimit);

    public InProcessBuckets(TimeProvider clock)
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
            if (answers[refusedBy].RetryAfter is var wait && (wait < 0 || later - now < wait))
            {
                FindAny(charges[refusedBy]).Refuse(later);
                return new ChargeAnswer(refusedBy);
            }
            now = later;
        }
    }

    public BucketAnswer Look(BucketCharge charge)
    {
        var now = Now();
        if (!_buckets.TryGetValue(charge.Bucket, out var bucket) && !(!_counts.HasRoom(charge.Bucket.Limit) && _buckets.TryGetValue(charge.Bucket.Shared, out bucket))) return Under(TokenBucket.Full);
        return bucket.Rule == charge.Rule ? bucket.Look(now, charge.Cost) : Under(TokenBucket.Under(bucket.Rule, charge.Rule, bucket.Until, now));

        BucketAnswer Under(long until) => TokenBucket.Take(charge.Rule, until, now, charge.Cost);
    }

    /// <summary>An earlier process may have taken what is not known here: what fills quickly begins empty now. Before the first charge.</summary>
    public void BeginEmpty() => _emptyAt = Now();

    /// <summary>Before the first charge.</summary>
    public void Restore(KeptBucket kept)
    {
        var rule = kept.Rule;
        if (_buckets.TryAdd(kept.Id, new Bucket(rule, Now() + Math.Clamp(kept.FullIn, 0, rule.Fill), Now()))) _counts.Add(kept.Id.Limit);
        _hasSlow |= rule.IsSlow;
    }

    /// <summary>Buckets that are not full and were taken from since this was asked last.</summary>
    /// <param name="all">Also those that fill quickly, which are not worth keeping while the process lives.</param>
    public List<KeptBucket> Changed(bool all)
    {
        var (changed, now) = (new List<KeptBucket>(), Now());
        if (!all && !_hasSlow) return changed;
        foreach (var (id, bucket) in _buckets)
        {
            if ((all || bucket.Rule.IsSlow) && bucket.UntilIfChanged(now) is { } until) changed.Add(new(id, bucket.Rule, until - now));
        }
        return changed;
    }

    public bool Knows(BucketId id) => _buckets.ContainsKey(id);

    /// <summary>As <see cref="ILiveBuckets.FillAsync"/>.</summary>
    public long? Fill(BucketId id, long? tokens)
    {
        while (_buckets.TryGetValue(id, out var bucket))
        {
            if (bucket.TryFill(Now(), tokens) is { } level) return level;
        }
        return null;
    }

    /// <summary>As <see cref="ILiveBuckets.ListAsync"/>.</summary>
    public IReadOnlyList<BucketStatus> List(BucketQuery query)
    {
        var now = Now();
        return [.. query.Pick(_buckets.Where(b => query.Matches(b.Key)).Select(b => new BucketStatus(b.Key, b.Value.Rule, b.Value.Look(now, 0).Remaining, [], b.Value.Refused(now))))];
    }

    public void Dispose() => _sweep.Dispose();

    private long Now() => _clock.GetElapsedTime(_start).Ticks * 100;

    /// <returns>The index of the charge that was refused; -1 when all were taken.</returns>
    private int TryCharge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers, long now)
    {
        // A look first: but for a race, a refused request then takes nothing that it would have to put back.
        for (var i = 0; i < charges.Length && charges.Length > 1; i++)
        {
            answers[i] = Find(charges[i], now).Look(now, charges[i].Cost);
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
            if (Find(charge, now).TryTake(now, charge.Cost, out var answer)) return answer;
        }
    }

    private void Return(BucketCharge charge, long taken)
    {
        while (_buckets.TryGetValue(charge.Bucket, out var bucket) || _buckets.TryGetValue(charge.Bucket.Shared, out bucket))
        {
            // The clock is read after the state, so that it is not behind the one of any taking in that state.
            var until = bucket.Until;
            if (bucket.TryReturn(charge.Cost, until, held: Now() - taken)) return;
        }
    }

    /// <summary>A bucket of the charge's rule; one of another rule is replaced, and what is left in it goes over.</summary>
    private Bucket Find(BucketCharge charge, long now)
    {
        while (true)
        {
            var bucket = FindAny(charge);
            if (bucket.Rule == charge.Rule) return bucket;
            if (!bucket.TryRetire(out var until)) continue;
            _hasSlow |= charge.Rule.IsSlow;
            var made = new Bucket(charge.Rule, TokenBucket.Under(bucket.Rule, charge.Rule, until, now), Now());
            // Only who retired a bucket may replace it.
            if (!_buckets.TryUpdate(charge.Bucket, made, bucket)) _buckets.TryUpdate(charge.Bucket.Shared, made, bucket);
            return made;
        }
    }

    private Bucket FindAny(BucketCharge charge)
    {
        var id = charge.Bucket;
        if (_buckets.TryGetValue(id, out var bucket)) return bucket;
        if (!_counts.HasRoom(id.Limit))
        {
            id = id.Shared;
            if (_buckets.TryGetValue(id, out bucket)) return bucket;
        }
        var made = new Bucket(charge.Rule, _emptyAt < 0 || charge.Rule.IsSlow ? TokenBucket.Full : _emptyAt + charge.Rule.Fill, Now());
        _hasSlow |= charge.Rule.IsSlow;
        var found = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) _counts.Add(id.Limit);
        return found;
    }

    private void Sweep()
    {
        var now = Now();
        foreach (var (id, bucket) in _buckets)
        {
            if (bucket.TryRetire(now) && _buckets.TryRemove(new(id, bucket))) _counts.Remove(id.Limit);
        }
    }

    /// <summary>
    /// A retired bucket stays so; who meets one looks for its successor. No decision is dated before <paramref name="born"/>: a thread that was
    /// set aside since before a full bucket was forgotten would find in its successor what was long taken.
    /// </summary>
    private sealed class Bucket(BucketRule rule, long state, long born)
    {
        private const long Retired = -1;

        private long _until = state;
        private long _kept;
        private RefusalCount? _refusals;

        public BucketRule Rule => rule;

        public long Until => Volatile.Read(ref _until);

        public BucketAnswer Look(long now, long cost) => TokenBucket.Take(rule, Until, Math.Max(now, born), cost);

        /// <summary>For one caller alone.</summary>
        public long? UntilIfChanged(long now)
        {
            var until = Until;
            // One that was filled by hand is written down too.
            if (until == _kept || (until <= now && _kept <= now)) return null;
            _kept = until;
            return Math.Max(until, now);
        }

        public void Refuse(long now) => (_refusals ?? Interlocked.CompareExchange(ref _refusals, new RefusalCount(), null) ?? _refusals).Add(now);

        /// <summary>In the last minute.</summary>
        public long Refused(long now) => _refusals?.LastMinute(now) ?? 0;

        /// <returns>The level after that; null where the bucket was retired meanwhile.</returns>
        public long? TryFill(long now, long? tokens)
        {
            while (true)
            {
                var until = Until;
                if (until == Retired) return null;
                var filled = tokens is { } some && some < rule.Burst ? TokenBucket.Return(rule, Math.Max(until, now), some) : TokenBucket.Full;
                if (Interlocked.CompareExchange(ref _until, filled, until) == until) return TokenBucket.Level(rule, filled, now);
            }
        }

        /// <returns>False where the bucket was retired meanwhile.</returns>
        public bool TryTake(long now, long cost, out BucketAnswer answer)
        {
            while (true)
            {
                var until = Until;
                answer = TokenBucket.Take(rule, until, Math.Max(now, born), cost);
                if (until == Retired) return false;
                if (!answer.IsAdmitted || Interlocked.CompareExchange(ref _until, answer.Until, until) == until) return true;
            }
        }

        /// <returns>False where the state is no longer <paramref name="until"/>, or the bucket is retired.</returns>
        public bool TryReturn(long cost, long until, long held) =>
            until != Retired && Interlocked.CompareExchange(ref _until, TokenBucket.Return(rule, until, cost, held), until) == until;

        /// <returns>False where another thread has retired it.</returns>
        public bool TryRetire(out long until)
        {
            until = Interlocked.Exchange(ref _until, Retired);
            return until != Retired;
        }

        /// <summary>Retires the bucket if it is full.</summary>
        public bool TryRetire(long now)
        {
            var until = Until;
            return until != Retired && until <= now && Interlocked.CompareExchange(ref _until, Retired, until) == until;
        }
    }
}
