namespace Drizzle.Contracts.Limits.Quotas;

/// <summary>
/// A count as an edge keeps it: what it has reserved and not spent, and what it spent. Requests take from it by single atomic operations; asking for more,
/// and what comes of it, is for one caller at a time.
/// </summary>
/// <param name="holder">What the ledger is to know it by; not used before.</param>
/// <param name="now">Nanoseconds of a clock that never runs backwards.</param>
public sealed class HeldQuota(string holder, long now)
{
    /// <summary>Demand of so long is reserved at once; nanoseconds. Each reservation is a write to disk.</summary>
    private const long Ahead = 1_000_000_000;

    /// <summary>What was spent is said at least so often.</summary>
    private const long ReportEvery = 1_000_000_000;

    /// <summary>Of which nothing was taken for so long, what is in hand goes back; also where requests ask for it and another limit refuses them.</summary>
    private const long IdleAfter = 2_000_000_000;

    /// <summary>An edge that was told that nothing is left asks again after so long, because another may have given back.</summary>
    private const long AskAgain = 1_000_000_000;

    private long _inHand;
    private long _spent;
    private long _kept;
    private long _asked;
    private long _left = long.MaxValue;
    private long _retryAt = long.MinValue;
    private long _lastAskedAt = now;
    private volatile bool _isAsking;

    // Touched by the one who drives the asking.
    private long _sequence;
    private long _saidSpent;
    private long _saidKept;
    private long _saidAt = now;
    private long _spentSeen;
    private long _lastTakenAt = now;
    private readonly Demand _demand = new(Ahead, Ahead / 10, now);

    /// <summary>What is reserved here and not spent.</summary>
    public long InHand => Interlocked.Read(ref _inHand);

    /// <summary>What nobody had reserved, as the ledger said last; null before it said anything.</summary>
    public long? Left => Interlocked.Read(ref _left) is var left && left == long.MaxValue ? null : left;

    /// <summary>Whether the ledger has no such number, as far as is known.</summary>
    public bool IsExhausted(long cost, long now) => IsShort(now) && cost > Interlocked.Read(ref _left);

    public bool IsAsking => _isAsking;

    /// <summary>Whether the ledger knows all there is to know of it, and nothing is in hand.</summary>
    public bool IsSettled => InHand == 0 && !_isAsking && _saidSpent == Interlocked.Read(ref _spent) && _saidKept == Interlocked.Read(ref _kept);

    /// <summary>For how long nobody has asked for it; nanoseconds.</summary>
    public long IdleFor(long now) => now - Interlocked.Read(ref _lastAskedAt);

    /// <summary>A request wants some, whether or not it is there: by this, demand is measured.</summary>
    public void Asked(long cost, long now)
    {
        Interlocked.Add(ref _asked, cost);
        Interlocked.Exchange(ref _lastAskedAt, now);
    }

    public bool TryReserve(long cost)
    {
        while (true)
        {
            var inHand = InHand;
            if (inHand < cost) return false;
            if (Interlocked.CompareExchange(ref _inHand, inHand - cost, inHand) == inHand) return true;
        }
    }

    /// <summary>The request goes on.</summary>
    public void Commit(long cost) => Interlocked.Add(ref _spent, cost);

    /// <summary>Another limit refused the request.</summary>
    public void Cancel(long cost) => Interlocked.Add(ref _inHand, cost);

    /// <summary>Without the ledger: a request goes on that nothing is reserved for. The ledger is told once it answers again.</summary>
    public void TakeUnreserved(long cost) => Interlocked.Add(ref _kept, cost);

    /// <summary>A request that took what was not reserved does not go on.</summary>
    public void CancelUnreserved(long cost) => Interlocked.Add(ref _kept, -cost);

    /// <summary>Whether it is time to ask for more, as far as can be told at a glance.</summary>
    public bool IsLow(long now) => !_isAsking && !IsShort(now) && InHand <= _demand.In(Ahead) / 4;

    /// <summary>What to ask of the ledger now.</summary>
    /// <param name="waiting">What requests wait for.</param>
    /// <param name="smallest">The least that one of these needs.</param>
    /// <param name="isOver">Whether the window has ended: nothing more is wanted.</param>
    /// <returns>Null where there is no reason to ask, or a request is under way.</returns>
    public (long Need, long Want)? WhatToAsk(long now, long waiting, long smallest, bool isOver)
    {
        if (_isAsking) return null;
        if (_demand.IsDue(now)) _demand.Measure(Interlocked.Exchange(ref _asked, 0), now);
        var isIdle = isOver || (waiting == 0 && now - LastTakenAt(now) >= IdleAfter);
        if (isIdle) GiveBack();
        var need = waiting > 0 ? Math.Max(1, smallest) : 1;
        var want = Math.Max(need, Math.Max(waiting, (long)Math.Ceiling(_demand.In(Ahead))));
        var mayHave = waiting > 0 ? !IsExhausted(need, now) : !IsShort(now);
        if (!isIdle && mayHave && InHand < Math.Max(waiting, want / 2)) return (need, want);
        var isNews = _saidSpent != Interlocked.Read(ref _spent) || _saidKept != Interlocked.Read(ref _kept);
        return isNews && (isOver || now - _saidAt >= ReportEvery) ? (0, 0) : null;
    }

    /// <summary>A request goes out.</summary>
    public QuotaAsk Send(QuotaId id, QuotaTerms terms, long need, long want, long now)
    {
        _isAsking = true;
        _saidAt = now;
        // Spent before kept: what is committed in between was kept before.
        var spent = Interlocked.Read(ref _spent);
        return new(holder, id, terms, ++_sequence, Interlocked.Read(ref _kept), spent, need, want);
    }

    public void Answered(in QuotaAsk ask, QuotaAnswer answer, long now)
    {
        _isAsking = false;
        (_saidSpent, _saidKept) = (ask.Spent, ask.Kept + answer.Granted);
        Interlocked.Exchange(ref _left, answer.Left);
        if (ask.Need > 0) Interlocked.Exchange(ref _retryAt, answer.Granted == 0 ? now + AskAgain : long.MinValue);
        Interlocked.Add(ref _kept, answer.Granted);
        Interlocked.Add(ref _inHand, answer.Granted);
    }

    /// <summary>No answer came. What was granted then is the ledger's again as soon as it hears more.</summary>
    public void Lost() => _isAsking = false;

    /// <summary>Everything back, as at the end.</summary>
    public void GiveBack() => Interlocked.Add(ref _kept, -Interlocked.Exchange(ref _inHand, 0));

    /// <summary>Whether the ledger said that it has too little, and is left alone for a while.</summary>
    private bool IsShort(long now) => now < Interlocked.Read(ref _retryAt);

    private long LastTakenAt(long now)
    {
        var spent = Interlocked.Read(ref _spent);
        if (spent != _spentSeen) (_spentSeen, _lastTakenAt) = (spent, now);
        return _lastTakenAt;
    }
}
