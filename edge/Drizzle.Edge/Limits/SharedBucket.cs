using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Edge.Limits;

internal enum TakeVerdict
{
    Taken,
    Refused,

    /// <summary>The owner has to be asked.</summary>
    Unknown,
}

/// <summary>What a request has taken of one bucket, to be committed or cancelled.</summary>
/// <param name="Grant">Null where it is of the edge's own share, or of nothing.</param>
internal readonly record struct TakenTokens(SharedBucket? Bucket, HeldGrant? Grant, long Cost)
{
    public void Commit() => Grant?.Commit(Cost);

    public void Cancel()
    {
        if (Grant is { } grant) grant.Cancel(Cost);
        else Bucket?.GiveBackToShare(Cost);
    }
}

/// <summary>
/// A bucket that this edge shares with others. Requests use it from any thread; the asking state of <see cref="Held"/> belongs to whoever has this bucket's
/// lock.
/// </summary>
internal sealed class SharedBucket(BucketId id, BucketRule rule, long revision, long now) : Awaited
{
    /// <summary>A bucket that begins to fill from nothing is asked for so much later, or after a quarter of its fill: found empty, it would refuse all for a while. Nanoseconds.</summary>
    private const long Worthwhile = 50_000_000;

    private BucketRule _rule = rule;
    private long _revision = revision;
    private long _ownerLevel;

    // Of the owner that answered last.
    private long _epoch;

    private long _refused;

    // Tokens that requests took before the owner granted any; paid out of what it grants next.
    private long _debt;

    // While the owner does not answer: the instant at which this edge's own share would be full, and of which outage that is; 0 for none.
    private long _shareUntil;
    private int _shareOf;
    private long _shareSeenAt = long.MinValue;

    public BucketId Id => id;

    public HeldBucket Held { get; } = new(now);

    /// <summary>Takes the tokens of a request that nothing else decides, if they are in hand.</summary>
    public bool TryTakeOfHand(in BucketCharge charge, long now, out BucketAnswer answer)
    {
        var isTaken = Held.TryTake(charge.Cost, now);
        answer = new(isTaken, 0, Remaining(charge.Rule, now), 0);
        return isTaken;
    }

    /// <summary>Takes the tokens of one charge, or says why not.</summary>
    /// <param name="mayAsk">Whether there is time to wait for the owner.</param>
    public TakeVerdict TryTake(in BucketCharge charge, OwnerState owner, bool mayAsk, long now, out TakenTokens taken, out BucketAnswer answer)
    {
        if (Held.TryReserve(charge.Cost, now) is { } grant)
        {
            taken = new(this, grant, charge.Cost);
            answer = new(true, 0, Remaining(charge.Rule, now), 0);
            return TakeVerdict.Taken;
        }
        taken = default;
        var retryAt = Held.RetryAt(charge.Cost);
        answer = new(false, 0, 0, charge.Cost > charge.Rule.Burst ? -1 : Math.Max(charge.Rule.Interval, retryAt - now));
        if (charge.Cost > charge.Rule.Burst) return TakeVerdict.Refused;
        // An owner that has begun anew and does not grant so many yet is as good as one that does not answer.
        if (owner.IsUp && now < retryAt && !Held.IsBeginning(now)) return TakeVerdict.Refused;
        return owner.IsUp && now >= retryAt && mayAsk ? TakeVerdict.Unknown : WithoutOwner(charge, owner, now, out taken, out answer);
    }

    /// <summary>What the limit says is to be done while the owner does not answer.</summary>
    private TakeVerdict WithoutOwner(in BucketCharge charge, OwnerState owner, long now, out TakenTokens taken, out BucketAnswer answer)
    {
        taken = new(null, null, charge.Cost);
        answer = new(true, 0, 0, 0);
        if (charge.OnFailure == OnFailure.Allow) return TakeVerdict.Taken;
        answer = new(false, 0, 0, 1_000_000_000);
        if (charge.OnFailure == OnFailure.Deny) return TakeVerdict.Refused;
        answer = TakeOfShare(charge, owner, now);
        taken = new(this, null, charge.Cost);
        return answer.IsAdmitted ? TakeVerdict.Taken : TakeVerdict.Refused;
    }

    /// <summary>
    /// An Nth of the rule, which began empty when the owner fell silent: where it counts as up still, when the request began to wait for it in vain.
    /// </summary>
    private BucketAnswer TakeOfShare(in BucketCharge charge, OwnerState owner, long now)
    {
        var share = charge.Rule.PartOf(owner.Edges);
        var (outage, since) = owner.IsUp ? (owner.Outages + 1, now - LeaseTerms.Patience) : (owner.Outages, owner.DownSince);
        lock (Asking)
        {
            // A thread that was set aside since it read the clock finds an outage that was noticed after that, and a share that others have taken from.
            _shareSeenAt = now = Math.Max(Math.Max(now, _shareSeenAt), since + LeaseTerms.Patience);
            if (_shareOf != outage) (_shareOf, _shareUntil) = (outage, since + share.Fill);
            var answer = TokenBucket.Take(share, _shareUntil, now, charge.Cost);
            if (answer.IsAdmitted) _shareUntil = answer.Until;
            return answer;
        }
    }

    /// <summary>Whether it has anything to say to its owner, or to ask of it.</summary>
    public bool IsSettled => Held.IsEmpty && Volatile.Read(ref _debt) == 0;

    /// <summary>Takes tokens that the owner is asked for afterwards, at most <paramref name="most"/> at a time.</summary>
    public bool TryTakeAhead(long cost, long most)
    {
        while (true)
        {
            var debt = Volatile.Read(ref _debt);
            if (debt + cost > most) return false;
            if (Interlocked.CompareExchange(ref _debt, debt + cost, debt) == debt) return true;
        }
    }

    public void Refused(long cost, long now)
    {
        Interlocked.Increment(ref _refused);
        Held.Missed(cost, now);
    }

    /// <summary>How many it refused since this was asked last.</summary>
    public long TakeRefused() => Interlocked.Exchange(ref _refused, 0);

    public void GiveBackToShare(long cost)
    {
        lock (Asking)
        {
            _shareUntil -= cost * _rule.Interval;
        }
    }

    /// <param name="rest">For how long what requests wait for is not asked for, because the owner is left alone; 0 where nothing waits for that. Nanoseconds.</param>
    /// <returns>What to ask of the owner; null where there is nothing to.</returns>
    public LeaseRequest? Ask(long now, out long rest)
    {
        lock (Asking)
        {
            var debt = Volatile.Read(ref _debt);
            var ask = Held.WhatToAsk(now, Waiting + debt, debt > 0 ? 1 : Smallest, Largest);
            // By the same instant: what is neither asked for nor rests would be forgotten.
            rest = ask is null && !Held.IsAsking && Waiting + debt > 0 ? Math.Max(0, Held.RestsUntil - now) : 0;
            return ask is { } what ? new LeaseRequest(id, _rule, _revision, what, Held.Send(now)) : null;
        }
    }

    public void Answered(LeaseRequest request, LeaseAnswer answer, long sentAt, long now)
    {
        lock (Asking)
        {
            if (answer == LeaseAnswer.Unheard)
            {
                Held.Unheard(now);
                Signal();
                return;
            }
            if (answer.IsBeginning) answer = answer with { RetryAfter = answer.RetryAfter + Math.Min(Worthwhile, request.Rule.Fill / 4) };
            // What another owner has said counts no more.
            if (_epoch != 0 && answer.Grant.Epoch != _epoch) Held.OwnerChanged();
            _epoch = answer.Grant.Epoch;
            Held.Answered(answer, request.Ask, request.Reports, sentAt, request.Rule, now);
            PayDebt(now);
            // Of an answer to more than reports: only that tells of the owner.
            if (request.Ask.Need > 0 && !answer.IsBeginning)
            {
                Volatile.Write(ref _ownerLevel, Math.Max(0, answer.Level));
                _shareOf = 0;
            }
            Signal();
        }
    }

    public override bool IsLow(long now) => Held.IsLow(now);

    public override void Lost()
    {
        lock (Asking)
        {
            Held.Lost();
            Signal();
        }
    }

    /// <summary>Everything back, at the end.</summary>
    public LeaseRequest? GiveBack(long now)
    {
        lock (Asking)
        {
            if (Held.IsAsking) Held.Lost();
            Held.CloseAll();
            var reports = Held.Send(now);
            return reports.Length == 0 ? null : new LeaseRequest(id, _rule, _revision, new(0, 0), reports);
        }
    }

    /// <summary>Whether nothing is lost by forgetting it: nothing is held, asked for or waited for, and its owner has not said that there is nothing.</summary>
    public bool IsForgettable(long now)
    {
        lock (Asking) return IsSettled && !Held.IsAsking && Waiting == 0 && !Held.IsShort(now) && Held.IsIdle(now);
    }

    /// <summary>The rule as the newest configuration that a request came by has it.</summary>
    public void Follow(in BucketCharge charge)
    {
        if (charge.Revision <= Volatile.Read(ref _revision)) return;
        lock (Asking)
        {
            if (charge.Revision <= _revision) return;
            if (_rule != charge.Rule) Held.OwnerChanged();
            _rule = charge.Rule;
            Volatile.Write(ref _revision, charge.Revision);
        }
    }

    private void PayDebt(long now)
    {
        while (Volatile.Read(ref _debt) is > 0 and var debt && Math.Min(debt, Held.Left(now)) is > 0 and var some && Held.TryReserve(some, now) is { } grant)
        {
            grant.Commit(some);
            Interlocked.Add(ref _debt, -some);
        }
    }

    private long Remaining(in BucketRule current, long now) => Math.Min(current.Burst, Held.Left(now) + Volatile.Read(ref _ownerLevel));
}
