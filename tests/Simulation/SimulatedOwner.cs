using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Simulation;

/// <summary>A request of an edge about one bucket.</summary>
internal sealed record LeaseMessage(int Edge, int Bucket, long Sequence, LeaseAsk Ask, GrantReport[] Reports, long SentAt);

/// <summary>The owner of all buckets: the real arithmetic behind a process that may crash.</summary>
internal sealed class SimulatedOwner(BucketRule[] rules, DriftingClock clock)
{
    private LeasedBucket[] _buckets = [.. rules.Select(r => LeasedBucket.Full(r, clock.At(0)))];
    private long _epoch = 1;
    private long _number;

    public bool IsUp { get; private set; } = true;

    public DriftingClock Clock => clock;

    public void Crash() => IsUp = false;

    /// <summary>Remembers nothing but that another was there before.</summary>
    public void Start(long now)
    {
        IsUp = true;
        _epoch++;
        _buckets = [.. rules.Select(r => LeasedBucket.AfterLoss(r, clock.At(now)))];
    }

    /// <returns>Null where it is down.</returns>
    public LeaseAnswer? Handle(LeaseMessage message, long now)
    {
        if (!IsUp) return null;
        var (bucket, local) = (_buckets[message.Bucket], clock.At(now));
        foreach (var report in message.Reports)
        {
            if (report.Grant.Epoch == _epoch) bucket.Report(report.Grant.Number, report.Spent, report.IsFinal, local);
        }
        return message.Ask.Need == 0 ? new(new(_epoch, 0), 0, 0, 0) : bucket.Lease(new(_epoch, ++_number), $"edge {message.Edge}", message.Ask.Need, message.Ask.Want, local);
    }

    /// <summary>What a broken owner does: a grant of which nothing was heard is credited again.</summary>
    public void Recredit(int bucket, GrantId grant, long now)
    {
        if (IsUp && grant.Epoch == _epoch) _buckets[bucket].Report(grant.Number, 0, isFinal: true, clock.At(now));
    }

    /// <summary>That level and outstanding never exceed the burst, at any instant.</summary>
    public bool IsSound(long now) => _buckets.All(b => b.Level(clock.At(now)) + b.Outstanding <= b.Rule.Burst && b.Outstanding >= 0);
}
