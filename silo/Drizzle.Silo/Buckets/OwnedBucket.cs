using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Buckets;

/// <summary>A bucket of a shard, under the shard's lock.</summary>
internal sealed class OwnedBucket(LeasedBucket bucket, long revision)
{
    // What was reserved is granted within this time, or reserved again: so it is known when its record may be forgotten.
    private const long ReserveLasts = 10_000_000_000;

    // A tenth of the burst is reserved at once, at least.
    private const long PartReserved = 10;

    private long _reserved;
    private long _reservedUntil;
    private RefusalCount? _refusals;
    private bool _hasRecord;
    private bool _isWritten;

    public LeasedBucket Bucket => bucket;

    public long Revision { get; private set; } = revision;

    /// <summary>Whether a record of it may be written down, which from then on has to be true.</summary>
    public bool HasRecord
    {
        get => _hasRecord;
        init => _hasRecord = value;
    }

    /// <summary>Whether one is there for certain.</summary>
    public bool IsWritten
    {
        get => _isWritten;
        init => _isWritten = value;
    }

    /// <summary>Whether what it grants has to be written down first: it must not begin anew after a crash, empty or full.</summary>
    public bool IsDurable => HasRecord || bucket.Rule.IsSlow;

    /// <summary>The rule of the highest revision that was seen.</summary>
    public void Follow(BucketRule rule, long revision, long now)
    {
        if (revision <= Revision) return;
        Revision = revision;
        if (rule == bucket.Rule) return;
        bucket.Change(rule, now);
        _reserved = 0;
    }

    /// <summary>Whether the record has to be written anew before so much is granted, or at all: of one that has become slow nothing is written down yet.</summary>
    public bool NeedsReserve(long need, long now) => IsDurable && ((need > 0 && bucket.Level(now) >= need && ReservedAt(now) < need) || (!_isWritten && !bucket.IsFull(now)));

    /// <summary>What to write down. Until that is done it grants nothing.</summary>
    public (BucketReserve Record, long Tokens) Reserve(BucketId id, long want, long now)
    {
        _reserved = 0;
        _hasRecord = true;
        var (rule, level) = (bucket.Rule, bucket.Level(now));
        var tokens = Math.Min(level, Math.Max(want, rule.Burst / PartReserved));
        return (new(id, rule, Revision, (level - tokens) * rule.Interval, (rule.Burst - tokens - bucket.Outstanding) * rule.Interval), tokens);
    }

    /// <summary>It is written down.</summary>
    /// <param name="at">When the record was made.</param>
    public void Reserved(BucketRule rule, long tokens, long at)
    {
        _isWritten = true;
        if (rule == bucket.Rule) (_reserved, _reservedUntil) = (tokens, at + ReserveLasts);
    }

    public LeaseAnswer Lease(GrantId grant, string edge, LeaseAsk ask, long now)
    {
        if (!IsDurable) return bucket.Lease(grant, edge, ask.Need, ask.Want, now);
        var reserved = ReservedAt(now);
        if (reserved < ask.Need && bucket.Level(now) >= ask.Need) return LeaseAnswer.ComeAgain(grant);
        var answer = bucket.Lease(grant, edge, ask.Need, Math.Max(ask.Need, Math.Min(ask.Want, reserved)), now);
        _reserved = reserved - answer.Granted;
        return answer;
    }

    public void Refused(long count, long now) => (_refusals ??= new RefusalCount()).Add(now, count);

    /// <summary>In the last minute.</summary>
    public long RefusedLately(long now) => _refusals?.LastMinute(now) ?? 0;

    private long ReservedAt(long now) => now < _reservedUntil ? _reserved : 0;
}
