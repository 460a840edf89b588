using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Model;

namespace Drizzle.Edge.Limits;

/// <summary>One charge of a request to a quota.</summary>
internal readonly record struct QuotaCharge(QuotaId Quota, QuotaTerms Terms, long Cost, OnFailure OnFailure);

/// <summary>What a request has taken of one count, to be committed or cancelled.</summary>
/// <param name="IsReserved">Whether the ledger knows; otherwise it is told afterwards.</param>
internal readonly record struct TakenQuota(SharedQuota? Quota, long Cost, bool IsReserved)
{
    public void Commit() => Quota?.Held.Commit(Cost);

    public void Cancel()
    {
        if (IsReserved) Quota?.Held.Cancel(Cost);
        else Quota?.GiveBackToShare(Cost);
    }
}

/// <summary>One count of a quota, of which this edge has a part.</summary>
internal sealed class SharedQuota(string holder, QuotaId id, QuotaTerms terms, long now) : Awaited
{
    /// <summary>Each time that a count is forgotten and comes again, the ledger keeps another part of it.</summary>
    private const long ForgottenAfter = 3600L * 1_000_000_000;

    private QuotaTerms _terms = terms;
    private long _revision = terms.Revision;

    // What this edge may still admit without the ledger, once for each time that the ledger was heard of this count.
    private long _share;
    private bool _hasShare;

    public QuotaId Id => id;

    public long EndsAt { get; } = terms.EndsAt;

    public HeldQuota Held { get; } = new(holder, now);

    /// <summary>What is left for this edge at least: what it has in hand, and what nobody had reserved when the ledger was asked last.</summary>
    public long Remaining => Held.InHand + Math.Max(0, Held.Left ?? 0);

    /// <summary>Takes the tokens of one charge, or says why not.</summary>
    /// <param name="mayAsk">Whether there is time to wait for the ledger.</param>
    public TakeVerdict TryTake(in QuotaCharge charge, OwnerState owner, bool mayAsk, long now, out TakenQuota taken)
    {
        taken = new(this, charge.Cost, IsReserved: true);
        if (Held.TryReserve(charge.Cost)) return TakeVerdict.Taken;
        if (owner.IsUp && Held.IsExhausted(charge.Cost, now)) return TakeVerdict.Refused;
        if (owner.IsUp && mayAsk) return TakeVerdict.Unknown;
        taken = new(this, charge.Cost, IsReserved: false);
        return WithoutLedger(charge, owner);
    }

    public void GiveBackToShare(long cost)
    {
        Held.CancelUnreserved(cost);
        lock (Asking) _share += cost;
    }

    /// <summary>The amount as the newest configuration that a request came by has it.</summary>
    public void Follow(in QuotaTerms terms)
    {
        if (terms.Revision <= Volatile.Read(ref _revision)) return;
        lock (Asking)
        {
            if (terms.Revision <= _revision) return;
            _terms = terms;
            Volatile.Write(ref _revision, terms.Revision);
        }
    }

    /// <param name="isOver">Whether the window has ended, or the edge does.</param>
    /// <returns>What to ask of the ledger; null where there is nothing to.</returns>
    public QuotaAsk? Ask(long now, bool isOver)
    {
        lock (Asking)
        {
            return Held.WhatToAsk(now, Waiting, Smallest, isOver) is { } what ? Held.Send(id, _terms, what.Need, what.Want, now) : null;
        }
    }

    public void Answered(in QuotaAsk ask, QuotaAnswer answer, long now)
    {
        lock (Asking)
        {
            Held.Answered(ask, answer, now);
            _hasShare = false;
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

    /// <summary>Whether nothing is lost by forgetting it.</summary>
    /// <param name="isOver">Whether the window has ended.</param>
    public bool IsForgettable(long now, bool isOver)
    {
        lock (Asking) return Held.IsSettled && Waiting == 0 && (isOver || Held.IdleFor(now) >= ForgottenAfter);
    }

    /// <summary>What the quota says is to be done while the ledger does not answer. What is admitted then is counted afterwards.</summary>
    private TakeVerdict WithoutLedger(in QuotaCharge charge, OwnerState owner)
    {
        if (charge.OnFailure == OnFailure.Deny) return TakeVerdict.Refused;
        lock (Asking)
        {
            if (!_hasShare) (_hasShare, _share) = (true, ShareOf(Math.Max(1, owner.Edges)));
            if (charge.OnFailure == OnFailure.Local && _share < charge.Cost) return TakeVerdict.Refused;
            _share -= charge.Cost;
        }
        Held.TakeUnreserved(charge.Cost);
        return TakeVerdict.Taken;
    }

    /// <summary>An equal part of what nobody had reserved; of a count that nothing is known of, a hundredth of the amount.</summary>
    private long ShareOf(int edges) => Held.Left is { } left ? Math.Max(0, left) / edges : Math.Max(1, _terms.Amount / 100 / edges);
}
