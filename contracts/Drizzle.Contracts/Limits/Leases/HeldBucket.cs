namespace Drizzle.Contracts.Limits.Leases;

/// <summary>What an edge asks of the owner of a bucket.</summary>
/// <param name="Need">With fewer tokens it can do nothing; 0 where it only reports.</param>
/// <param name="Want">How many it would like.</param>
public readonly record struct LeaseAsk(long Need, long Want);

/// <summary>
/// One bucket as an edge keeps it: the grants that it holds, how much is asked of it, and until when its owner has nothing. Taking tokens that are held is
/// lock-free; asking for more, and what comes of it, is for one caller at a time, whoever drives the asking.
/// </summary>
public sealed class HeldBucket(long now)
{
    /// <summary>Demand of so long is asked for at once; nanoseconds.</summary>
    private const long Ahead = 100_000_000;

    /// <summary>Demand of so long where the owner has plenty: each call costs, and nobody else goes short. Within what a grant lives.</summary>
    private const long FarAhead = 5 * Ahead;

    /// <summary>An owner has plenty that has so many times as much left.</summary>
    private const int PlentyTimes = 10;

    /// <summary>Of which nothing was taken for so long, what is held goes back; also where requests ask for it and another limit refuses them.</summary>
    private const long IdleAfter = 250_000_000;

    /// <summary>So long before it expires, what is left of a grant goes back: its owner credits nobody with what expires.</summary>
    private const long ReturnBefore = LeaseTerms.Lifetime / 4;

    /// <summary>
    /// An owner that cannot give what is wanted is asked again after so long on the mean, because asked at once it would have another crumb. Short enough that
    /// a request may wait for it and for the answer.
    /// </summary>
    private const long MeanRest = 20_000_000;

    /// <summary>An owner that could not be asked is asked after so long; a request may wait for that a few times. Nanoseconds.</summary>
    private const long UnheardRest = 8_000_000;

    /// <summary>But at most such a part of what the bucket takes to fill, so that none of its refill is lost.</summary>
    private const int RestsInFill = 8;

    private const int MostReports = 16;

    private readonly List<GrantReport> _reports = [];
    private volatile bool _isAsking;
    private volatile HeldGrant? _current;
    private volatile HeldGrant? _next;
    private long _missed;
    private volatile Shortage _shortage = Shortage.None;
    private long _restsUntil = now;
    private long _lastMissedAt = now;

    // At so few tokens more are asked for.
    private long _low;

    // Touched by the one who drives the asking.
    private bool _isPlenty;
    private bool _returnsSome;
    private bool _isReturning;
    private long _spentOfClosed;
    private long _spentSeen;
    private long _spentMeasured;
    private long _lastTakenAt = now;
    private long _reportedAt = now;

    // As a mean over a third of a second: what was asked for, whether or not it was there.
    private readonly Demand _demand = new(3 * Ahead, Ahead / 10, now);

    /// <summary>Whether a request to the owner is under way.</summary>
    public bool IsAsking => _isAsking;

    /// <summary>Whether it holds nothing and has nothing to say.</summary>
    public bool IsEmpty => _current is null && _next is null && _reports.Count == 0;

    /// <summary>The instant before which the owner has no such number of tokens, or not enough for those who ask: what is not in hand is not there.</summary>
    public long RetryAt(long cost) => _shortage.EndsFor(cost);

    /// <summary>Whether what the owner has not is so because it has begun anew.</summary>
    public bool IsBeginning(long now) => now < _shortage.BeginsUntil;

    /// <summary>Whether the owner has said that it has too little.</summary>
    public bool IsShort(long now) => now < _shortage.EndsAt;

    /// <summary>The instant before which the owner is not asked for more, though it may have some again by then.</summary>
    public long RestsUntil => Volatile.Read(ref _restsUntil);

    /// <summary>Whether nothing was asked of it for long. For the one who drives the asking.</summary>
    public bool IsIdle(long now) => now - Math.Max(LastTakenAt(now), Volatile.Read(ref _lastMissedAt)) >= 20 * IdleAfter;

    /// <summary>Tokens in hand.</summary>
    public long Left(long now) => LeftOf(_current, now) + LeftOf(_next, now);

    /// <summary>A request was refused: with what is taken, by this demand is measured.</summary>
    public void Missed(long cost, long now)
    {
        Interlocked.Add(ref _missed, cost);
        Volatile.Write(ref _lastMissedAt, now);
    }

    /// <summary>Takes tokens that are in hand, for good.</summary>
    public bool TryTake(long cost, long now)
    {
        if (_current is { } current && current.TryTake(cost, now)) return true;
        return _next is { } next && next.TryTake(cost, now);
    }

    /// <summary>Takes tokens that are in hand, for a request that may yet be refused.</summary>
    /// <returns>The grant that they are of, to commit or cancel; null where there are too few.</returns>
    public HeldGrant? TryReserve(long cost, long now)
    {
        if (_current is { } current && current.TryReserve(cost, now)) return current;
        return _next is { } next && next.TryReserve(cost, now) ? next : null;
    }

    /// <summary>What to ask of the owner now.</summary>
    /// <param name="waiting">Tokens that requests wait for.</param>
    /// <param name="smallest">The least that one of these needs.</param>
    /// <param name="largest">The most that one of these needs.</param>
    /// <returns>Null where there is no reason to ask, or a request is under way.</returns>
    public LeaseAsk? WhatToAsk(long now, long waiting, long smallest, long largest)
    {
        if (IsAsking) return null;
        Measure(now);
        PutAway(now, grant => IsOver(grant, now));
        var isIdle = waiting == 0 && now - LastTakenAt(now) >= IdleAfter;
        if (isIdle) PutAway(now, _ => true);
        // An owner that has nothing may have some again; otherwise what is idle asks for no more.
        var isWanted = !isIdle || (IsShort(now) && now - Volatile.Read(ref _lastMissedAt) < IdleAfter);
        // Two grants that hold enough together may hold too little each.
        var inOne = InOne(now);
        var need = waiting == 0 ? 1 : Math.Max(1, inOne >= smallest && inOne < largest ? largest : smallest);
        var soon = Math.Max(need, Math.Max(waiting, DemandIn(Ahead)));
        var want = _isPlenty ? Math.Max(soon, DemandIn(FarAhead)) : soon;
        if (isWanted && MayAsk(now, waiting > 0 ? need : null) && (Left(now) < Math.Max(Math.Max(need, waiting), soon / 2) || (waiting > 0 && inOne < need))) return new(need, want);
        // Reports ride on the next request for more, where one is to be expected soon.
        return _reports.Count > 0 && (isIdle || _returnsSome || now - _reportedAt >= IdleAfter) ? new(0, 0) : null;
    }

    /// <summary>Whether it is time to ask for more, as far as can be told at a glance.</summary>
    public bool IsLow(long now) => Left(now) <= Volatile.Read(ref _low) && !IsAsking && MayAsk(now, waited: null);

    /// <summary>A request goes out. What it says of grants is said again until it was answered.</summary>
    public GrantReport[] Send(long now)
    {
        _isAsking = true;
        _reportedAt = now;
        (_isReturning, _returnsSome) = (_returnsSome, false);
        var held = new[] { _current, _next }.OfType<HeldGrant>().Where(g => !g.IsClosed).Select(g => g.Report());
        return [.. _reports, .. held];
    }

    /// <summary>The owner has answered.</summary>
    /// <param name="asked">What the request asked for.</param>
    /// <param name="sent">What the request said of grants.</param>
    /// <param name="sentAt">When the request was sent: the grant lives from then on.</param>
    /// <param name="rule">By which was asked.</param>
    public void Answered(LeaseAnswer answer, LeaseAsk asked, IReadOnlyCollection<GrantReport> sent, long sentAt, in BucketRule rule, long now)
    {
        _isAsking = false;
        _reports.RemoveAll(r => sent.Contains(r));
        if (asked.Need > 0) RetryAsAnswered(answer, asked, rule, now);
        // What went back is there again.
        else if (_isReturning) _shortage = Shortage.None;
        if (answer.Granted == 0) return;
        // It is worth holding for a while, whoever it was asked for.
        _lastTakenAt = now;
        var grant = new HeldGrant(answer.Grant, answer.Granted, sentAt + LeaseTerms.Lifetime);
        PutAway(now, held => IsOver(held, now));
        if (_current is null) _current = grant;
        else if (_next is null) _next = grant;
        else
        {
            // There are more than two only where less was taken than was asked for: the oldest goes back.
            Close(_current);
            _current = _next;
            _next = grant;
        }
    }

    /// <summary>No answer came. If one comes later it must not be used: what it grants is lost.</summary>
    public void Lost()
    {
        _isAsking = false;
        _returnsSome = _reports.Count > 0;
    }

    /// <summary>The owner could not be asked, and can be soon. What was to be said is said with what is asked then.</summary>
    public void Unheard(long now)
    {
        _isAsking = false;
        Volatile.Write(ref _restsUntil, now + UnheardRest);
    }

    /// <summary>The owner is another, or began anew: what it has said of retrying counts no more.</summary>
    public void OwnerChanged()
    {
        _shortage = Shortage.None;
        Volatile.Write(ref _restsUntil, 0);
        _isPlenty = false;
    }

    /// <summary>Gives everything back, as at the end of the edge.</summary>
    public void CloseAll()
    {
        Close(_current);
        Close(_next);
        _current = null;
        _next = null;
    }

    /// <param name="waited">The least that a request waits for; null where none does.</param>
    private bool MayAsk(long now, long? waited)
    {
        if (now < RestsUntil) return false;
        var shortage = _shortage;
        return now >= shortage.AskAt || (waited is { } cost && now >= shortage.EndsFor(cost));
    }

    /// <summary>
    /// From an owner that cannot give what is wanted this edge rests. Requests that come meanwhile wait for what it has then, unless it is clear that this will not
    /// do for all who ask.
    /// </summary>
    private void RetryAsAnswered(in LeaseAnswer answer, LeaseAsk asked, in BucketRule rule, long now)
    {
        _isPlenty = answer.Level >= PlentyTimes * DemandIn(FarAhead);
        var isShort = answer.Granted < asked.Want && answer.Level < asked.Want;
        var rest = isShort ? Rest(rule, now) : 0;
        var isRefusing = isShort && answer.Granted < Math.Round(_demand.In(rest));
        Volatile.Write(ref _restsUntil, now + rest);
        var (need, lasts) = answer.RetryAfter > 0 ? (asked.Need, answer.RetryAfter) : (1, isShort && answer.Level == 0 ? rule.Interval : 0);
        _shortage = lasts > 0 || isRefusing ? Shortage.Of(need, lasts, isRefusing ? rest : 0, answer.IsBeginning, rule, now) : Shortage.None;
    }

    /// <summary>Of edges that all rest for the same time one would always be the first to come, and find most.</summary>
    private static long Rest(in BucketRule rule, long now)
    {
        var mean = Math.Min(MeanRest, rule.Fill / RestsInFill);
        var chance = ((ulong)now * 0x9E3779B97F4A7C15) >> 44;
        return (2 * mean / 3) + (long)(((ulong)(2 * mean / 3) * chance) >> 20);
    }

    /// <summary>A request takes all its tokens from one grant.</summary>
    private long InOne(long now) => Math.Max(LeftOf(_current, now), LeftOf(_next, now));

    private static long LeftOf(HeldGrant? grant, long now) => grant is not null && now < grant.ExpiresAt ? grant.Left : 0;

    private void Measure(long now)
    {
        if (!_demand.IsDue(now)) return;
        var spent = Spent();
        _demand.Measure(Interlocked.Exchange(ref _missed, 0) + spent - _spentMeasured, now);
        _spentMeasured = spent;
        Volatile.Write(ref _low, (long)(_demand.In(Ahead) / 2));
    }

    private long DemandIn(long time) => (long)Math.Ceiling(_demand.In(time));

    /// <summary>Requests that another limit refuses take nothing.</summary>
    private long LastTakenAt(long now)
    {
        var spent = Spent();
        if (spent != _spentSeen) (_spentSeen, _lastTakenAt) = (spent, now);
        return _lastTakenAt;
    }

    /// <summary>Of all grants that there were.</summary>
    private long Spent() => _spentOfClosed + (_current?.Report().Spent ?? 0) + (_next?.Report().Spent ?? 0);

    private static bool IsOver(HeldGrant grant, long now) => grant.Left == 0 || now >= grant.ExpiresAt - ReturnBefore;

    /// <summary>Closes grants; one that requests are just taking from stays until that is settled, or until it has expired.</summary>
    private void PutAway(long now, Func<HeldGrant, bool> which)
    {
        if (_next is { } next && which(next) && TryClose(next, now)) _next = null;
        if (_current is not { } current || !which(current) || !TryClose(current, now)) return;
        _current = _next;
        _next = null;
    }

    private bool TryClose(HeldGrant grant, long now)
    {
        if (grant.TryClose() is { } report) Add(report, grant);
        else if (now >= grant.ExpiresAt) Close(grant);
        return grant.IsClosed;
    }

    private void Close(HeldGrant? grant)
    {
        if (grant?.Close() is { } report) Add(report, grant);
    }

    private void Add(in GrantReport report, HeldGrant grant)
    {
        _spentOfClosed += report.Spent;
        // What cannot be told any more expires with its owner.
        if (_reports.Count >= MostReports) return;
        _reports.Add(report);
        _returnsSome |= report.Spent < grant.Tokens;
    }
}
