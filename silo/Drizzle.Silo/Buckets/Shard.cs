using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Postgres;

namespace Drizzle.Silo.Buckets;

/// <summary>
/// A part of the buckets, owned by this silo in one epoch. Everything about its buckets happens under one lock, without waiting for anything; what has to be
/// written down first is written between two steps. Once closed it grants nothing, and no successor begins before that.
/// </summary>
internal sealed class Shard(int number, long epoch, PostgresShards records)
{
    private const int EpochsKept = 4;

    // Who has waited for so many batches of others is asked to come again.
    private const int MostTurns = 3;

    private readonly Lock _using = new();
    private readonly Dictionary<BucketId, OwnedBucket> _buckets = [];
    private readonly HashSet<long> _epochs = [epoch];
    private long _number = epoch << 24;
    private long _sequence;
    private long? _lostAt;
    private bool _isClosed;
    private Task? _writing;

    public int Number => number;

    public long Epoch => epoch;

    /// <summary>Goes on where the one before has left off. Before the first lease.</summary>
    public void TakeOver(HandedShard handed, long now)
    {
        _epochs.UnionWith(handed.Epochs);
        _number = Math.Max(_number, handed.Number);
        _lostAt = handed.LostFor is { } ago ? now - ago : null;
        foreach (var b in handed.Buckets) _buckets[new(b.Limit, b.Subject)] = new OwnedBucket(LeasedBucket.TakenOver(b.Bucket, now), b.Revision) { HasRecord = b.HasRecord, IsWritten = b.IsWritten };
    }

    /// <summary>The one before left nothing but records of what fills slowly. Before the first lease.</summary>
    /// <param name="lostAt">The last instant at which it may have granted.</param>
    public void BeginAfterLoss(IReadOnlyList<BucketReserve> reserves, long lostAt)
    {
        _lostAt = lostAt;
        foreach (var r in reserves) _buckets[r.Bucket] = new OwnedBucket(LeasedBucket.Holding(r.Rule, r.Credit, lostAt + LeaseTerms.Reclaim), r.Revision) { HasRecord = true, IsWritten = true };
    }

    /// <summary>Answers requests about buckets of this shard.</summary>
    /// <param name="which">Which of the requests.</param>
    /// <param name="answers">Filled at these places.</param>
    /// <param name="mayGrant">Whether this silo is an owner at an instant.</param>
    /// <param name="mayWrite">Whether the database is there to write to; where it is not, what has to be written down first is not granted, and nobody waits for it.</param>
    /// <returns>False where the shard is closed; nothing was done then.</returns>
    public async ValueTask<bool> LeaseAsync(string edge, LeaseRequest[] requests, IReadOnlyList<int> which, LeaseAnswer[] answers, Func<long> clock, Func<long, bool> mayGrant, bool mayWrite)
    {
        if (!Hear(requests, which, clock())) return false;
        if (mayWrite) await WriteAsync(requests, which, clock);
        lock (_using)
        {
            if (_isClosed) return false;
            var now = clock();
            var isOwner = mayGrant(now);
            foreach (var i in which) answers[i] = isOwner || requests[i].Ask.Need == 0 ? Answer(edge, requests[i], now) : LeaseAnswer.ComeAgain(new(epoch, 0));
            return true;
        }
    }

    /// <summary>Of buckets that are not known, which are full, nothing is noted.</summary>
    public void NoteRefusals(BucketId id, long count, long now)
    {
        lock (_using)
        {
            if (_buckets.TryGetValue(id, out var bucket)) bucket.Refused(count, now);
        }
    }

    public List<BucketStatus> List(BucketQuery query, long now)
    {
        var found = new List<BucketStatus>();
        lock (_using)
        {
            foreach (var (id, owned) in _buckets)
            {
                if (!query.Matches(id)) continue;
                found.Add(new(id, owned.Bucket.Rule, owned.Bucket.Level(now), [.. owned.Bucket.Holders(now).Select(h => new BucketLease(h.Edge, h.Tokens)).OrderBy(l => l.Edge, StringComparer.Ordinal)], owned.RefusedLately(now)));
            }
        }
        return found;
    }

    /// <returns>The level after that; null for a bucket that is not known.</returns>
    public long? Fill(BucketId id, long? tokens, long now)
    {
        lock (_using) return _buckets.TryGetValue(id, out var owned) ? owned.Bucket.Fill(tokens, now) : null;
    }

    /// <summary>Forgets what is full.</summary>
    public void Forget(long now)
    {
        lock (_using)
        {
            foreach (var (id, owned) in _buckets)
            {
                if (owned.Bucket.IsFull(now) && owned.RefusedLately(now) == 0) _buckets.Remove(id);
            }
        }
    }

    /// <summary>Ends it, for good.</summary>
    /// <returns>What the next owner goes on with; null where it was closed before.</returns>
    public HandedShard? Close(long now)
    {
        lock (_using)
        {
            if (_isClosed) return null;
            _isClosed = true;
            var buckets = _buckets.Where(b => !b.Value.Bucket.IsFull(now)).Select(b => new HandedShardBucket(b.Key.Limit, b.Key.Subject, b.Value.Revision, b.Value.HasRecord, b.Value.IsWritten, b.Value.Bucket.HandOver(now)));
            var lostFor = now - _lostAt;
            return new([.. _epochs.OrderDescending().Take(EpochsKept)], _number, lostFor > LeaseTerms.Reclaim + BucketRule.QuickFill ? null : lostFor, [.. buckets]);
        }
    }

    /// <summary>Takes note of reports and rules.</summary>
    private bool Hear(LeaseRequest[] requests, IReadOnlyList<int> which, long now)
    {
        lock (_using)
        {
            if (_isClosed) return false;
            foreach (var i in which)
            {
                var request = requests[i];
                if (Find(request, now) is not { } owned) continue;
                foreach (var report in request.Reports)
                {
                    if (_epochs.Contains(report.Grant.Epoch)) owned.Bucket.Report(report.Grant.Number, report.Spent, report.IsFinal, now);
                }
                owned.Follow(request.Rule, request.Revision, now);
            }
            return true;
        }
    }

    /// <summary>Writes down what has to be before it is granted, one batch of the shard after the other. What could not be written is not granted.</summary>
    private async ValueTask WriteAsync(LeaseRequest[] requests, IReadOnlyList<int> which, Func<long> clock)
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            Task writing;
            bool isOurs;
            lock (_using)
            {
                var now = clock();
                if (!which.Any(i => NeedsReserve(requests[i], now))) return;
                isOurs = _writing is null;
                writing = _writing ??= StartWriting(requests, which, now);
            }
            await writing;
            if (isOurs) return;
        }
    }

    private bool NeedsReserve(in LeaseRequest request, long now) => _buckets.TryGetValue(request.Bucket, out var owned) && owned.NeedsReserve(request.Ask.Need, now);

    private Task StartWriting(LeaseRequest[] requests, IReadOnlyList<int> which, long now)
    {
        var reserving = new List<(OwnedBucket Owned, BucketReserve Record, long Tokens)>();
        foreach (var i in which)
        {
            var (request, id) = (requests[i], requests[i].Bucket);
            if (!NeedsReserve(request, now)) continue;
            var owned = _buckets[id];
            var (record, tokens) = owned.Reserve(id, request.Ask.Want, now);
            reserving.Add((owned, record, tokens));
        }
        var sequence = ++_sequence;
        return Task.Run(() => RecordAsync(reserving, sequence, now));
    }

    private async Task RecordAsync(List<(OwnedBucket Owned, BucketReserve Record, long Tokens)> reserving, long sequence, long at)
    {
        var isWritten = false;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
            isWritten = await records.ReserveAsync(number, epoch, sequence, [.. reserving.Select(r => r.Record)], patience.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nothing of these is granted then.
        }
        lock (_using)
        {
            _writing = null;
            if (!isWritten) return;
            foreach (var (owned, record, tokens) in reserving) owned.Reserved(record.Rule, tokens, at);
        }
    }

    private LeaseAnswer Answer(string edge, LeaseRequest request, long now)
    {
        if (request.Ask.Need == 0 || Find(request, now) is not { } owned) return new(new(epoch, 0), 0, 0, 0);
        return owned.Lease(new(epoch, ++_number), edge, request.Ask, now);
    }

    /// <returns>Null where the bucket is not known and nothing is asked of it.</returns>
    private OwnedBucket? Find(in LeaseRequest request, long now)
    {
        if (_buckets.TryGetValue(request.Bucket, out var known) || request.Ask.Need == 0) return known;
        // Of one that fills slowly there would be a record, had it ever granted any.
        var bucket = _lostAt is { } lost && !request.Rule.IsSlow ? LeasedBucket.AfterLoss(request.Rule, lost) : LeasedBucket.Full(request.Rule, now);
        return _buckets[request.Bucket] = new OwnedBucket(bucket, request.Revision);
    }
}
