using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

/// <param name="FullIn">Nanoseconds until it is full.</param>
internal readonly record struct KeptBucket(BucketId Id, BucketRule Rule, long FullIn);

/// <summary>
/// Buckets in memory; requests share no lock. Full ones are forgotten every half minute; past <see cref="BucketId.MostOfOneLimit"/>, new subjects of a limit
/// share a thousand buckets.
/// </summary>
internal sealed class InProcessBuckets : IBuckets, IDisposable
{
    private const int MostKept = 1_000_000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<BucketId, InProcessBucket> _buckets = new();
    private readonly ConcurrentDictionary<string, BucketTerms> _terms = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private readonly ITimer _sweep;
    private readonly long _start;
    private volatile bool _hasSlow;

    // A bucket that is not known is full at this instant after it has filled from nothing; 0 where nobody was there before.
    private long _emptyAt = -1;

    // No decision is dated before full buckets were forgotten last: a thread that was set aside since before would find in a successor what was long taken.
    private long _forgottenAt;

    private readonly SubjectCounts _counts = new(MostKept, BucketId.MostOfOneLimit);

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
        return bucket.Rule == charge.Rule ? bucket.Look(Dated(now), charge.Cost) : Under(TokenBucket.Under(bucket.Rule, charge.Rule, bucket.Until, now));

        BucketAnswer Under(long until) => TokenBucket.Take(charge.Rule, until, now, charge.Cost);
    }

    /// <summary>An earlier process may have taken what is not known here: what fills quickly begins empty now. Before the first charge.</summary>
    public void BeginEmpty() => _emptyAt = Now();

    /// <summary>Before the first charge.</summary>
    public void Restore(KeptBucket kept)
    {
        var rule = kept.Rule;
        var made = InProcessBucket.AsWritten(TermsOf(kept.Id.Limit, rule), Now() + Math.Clamp(kept.FullIn, 0, rule.Fill));
        if (_buckets.TryAdd(kept.Id, made)) _counts.Add(kept.Id.Limit);
        _hasSlow |= rule.IsSlow;
    }

    /// <summary>Buckets that are not full and were taken from since this was asked last; one that was filled by hand is among them too.</summary>
    /// <param name="all">Also those that fill quickly, which are not worth keeping while the process lives.</param>
    /// <param name="again">Also those that it named before, because that could not be written down.</param>
    public List<KeptBucket> Changed(bool all, bool again)
    {
        var (changed, now) = (new List<KeptBucket>(), Now());
        if (!all && !_hasSlow) return changed;
        foreach (var (id, bucket) in _buckets)
        {
            if ((all || bucket.Rule.IsSlow) && bucket.UntilToWrite(now, again) is { } until) changed.Add(new(id, bucket.Rule, until - now));
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
            answers[i] = Find(charges[i], now).Look(Dated(now), charges[i].Cost);
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
            if (Find(charge, now).TryTake(Dated(now), charge.Cost, out var answer)) return answer;
        }
    }

    private void Return(BucketCharge charge, long taken)
    {
        while (_buckets.TryGetValue(charge.Bucket, out var bucket) || _buckets.TryGetValue(charge.Bucket.Shared, out bucket))
        {
            // The clock is read after the state, so that it is not behind the one of any taking in that state.
            var state = bucket.State;
            if (bucket.TryReturn(charge.Cost, state, held: Now() - taken)) return;
        }
    }

    /// <summary>A bucket of the charge's rule; one of another rule is replaced, and what is left in it goes over.</summary>
    private InProcessBucket Find(BucketCharge charge, long now)
    {
        while (true)
        {
            var bucket = FindAny(charge);
            if (bucket.Rule == charge.Rule) return bucket;
            if (!bucket.TryRetire(out var until)) continue;
            _hasSlow |= charge.Rule.IsSlow;
            // Nor is a decision under another rule dated before the change.
            var made = InProcessBucket.Replacing(bucket, TermsOf(charge.Bucket.Limit, charge.Rule), Math.Max(TokenBucket.Under(bucket.Rule, charge.Rule, until, now), Now()));
            // Only who retired a bucket may replace it.
            if (!_buckets.TryUpdate(charge.Bucket, made, bucket)) _buckets.TryUpdate(charge.Bucket.Shared, made, bucket);
            return made;
        }
    }

    private InProcessBucket FindAny(BucketCharge charge)
    {
        var id = charge.Bucket;
        if (_buckets.TryGetValue(id, out var bucket)) return bucket;
        if (!_counts.HasRoom(id.Limit))
        {
            id = id.Shared;
            if (_buckets.TryGetValue(id, out bucket)) return bucket;
        }
        var made = InProcessBucket.New(TermsOf(id.Limit, charge.Rule), _emptyAt < 0 || charge.Rule.IsSlow ? TokenBucket.Full : _emptyAt + charge.Rule.Fill);
        _hasSlow |= charge.Rule.IsSlow;
        var found = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) _counts.Add(id.Limit);
        return found;
    }

    /// <summary>Not before the instant at which buckets were forgotten; to be asked after the bucket was found.</summary>
    private long Dated(long now) => Math.Max(now, Volatile.Read(ref _forgottenAt));

    /// <summary>One object for all buckets of a limit, so that none has a rule of its own.</summary>
    private BucketTerms TermsOf(string limit, BucketRule rule)
    {
        var known = _terms.GetOrAdd(limit, static (_, rule) => new BucketTerms(rule), rule);
        return known.Rule == rule ? known : _terms[limit] = new BucketTerms(rule);
    }

    private void Sweep()
    {
        var now = Now();
        Volatile.Write(ref _forgottenAt, now);
        foreach (var (id, bucket) in _buckets)
        {
            if (bucket.TryRetire(now) && _buckets.TryRemove(new(id, bucket))) _counts.Remove(id.Limit);
        }
        foreach (var (limit, _) in _terms)
        {
            if (_counts.CountOf(limit) == 0) _terms.TryRemove(limit, out _);
        }
    }
}
