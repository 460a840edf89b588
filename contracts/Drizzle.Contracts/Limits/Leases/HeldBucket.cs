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

    /// <summary>Of which nothing was taken for so long, what is held goes back.</summary>
    private const long IdleAfter = 250_000_000;

    private const int MostReports = 16;

    private readonly List<GrantReport> _reports = [];
    private volatile bool _isAsking;
    private volatile HeldGrant? _current;
    private volatile HeldGrant? _next;
    private long _asked;
    private long _retryAt;
    private long _lastTakenAt = now;

    // At so few tokens more are asked for.
    private long _low;

    // Touched by the one who drives the asking.
    private long _measuredAt = now;
    private long _reportedAt = now;
    private double _demand;

    /// <summary>Whether a request to the owner is under way.</summary>
    public bool IsAsking => _isAsking;

    /// <summary>Whether it holds nothing and has nothing to say.</summary>
    public bool IsEmpty => _current is null && _next is null && _reports.Count == 0;

    /// <summary>The instant before which the owner has no more than it gave, as it said; nothing is asked until then, and what is not in hand is not there.</summary>
    public long RetryAt => Volatile.Read(ref _retryAt);

    /// <summary>Whether nothing was asked of it for long.</summary>
    public bool IsIdle(long now) => now - Volatile.Read(ref _lastTakenAt) >= 20 * IdleAfter;

    /// <summary>Tokens in hand.</summary>
    public long Left(long now) => LeftOf(_current, now) + LeftOf(_next, now);

    /// <summary>A request wants tokens, whether or not they are there: by this, demand is measured.</summary>
    public void Asked(long cost, long now)
    {
        Interlocked.Add(ref _asked, cost);
        Volatile.Write(ref _lastTakenAt, now);
    }

    /// <summary>Takes tokens that are in hand.</summary>
    /// <returns>The grant that they are of, to commit or cancel; null where there are too few.</returns>
    public HeldGrant? TryReserve(long cost, long now)
    {
        if (_current is { } current && current.TryReserve(cost, now)) return current;
        return _next is { } next && next.TryReserve(cost, now) ? next : null;
    }

    /// <summary>What to ask of the owner now.</summary>
    /// <param name="waiting">Tokens that requests wait for.</param>
    /// <param name="smallest">The least that one of these needs.</param>
    /// <returns>Null where there is no reason to ask, or a request is under way.</returns>
    public LeaseAsk? WhatToAsk(long now, long waiting, long smallest)
    {
        if (IsAsking) return null;
        Measure(now);
        Retire(now);
        var isIdle = waiting == 0 && now - Volatile.Read(ref _lastTakenAt) >= IdleAfter;
        if (isIdle) CloseAll();
        var need = waiting > 0 ? Math.Max(1, smallest) : 1;
        var want = Math.Max(need, Math.Max(waiting, (long)Math.Ceiling(_demand * Ahead)));
        if (!isIdle && now >= RetryAt && Left(now) < Math.Max(Math.Max(need, waiting), want / 2)) return new(need, want);
        // Reports ride on the next request for more, where one is to be expected soon.
        return _reports.Count > 0 && (isIdle || now - _reportedAt >= IdleAfter) ? new(0, 0) : null;
    }

    /// <summary>Whether it is time to ask for more, as far as can be told at a glance.</summary>
    public bool IsLow(long now) => !IsAsking && now >= RetryAt && Left(now) <= Volatile.Read(ref _low);

    /// <summary>A request goes out. What it says of grants is said again until it was answered.</summary>
    public GrantReport[] Send(long now)
    {
        _isAsking = true;
        _reportedAt = now;
        var held = new[] { _current, _next }.OfType<HeldGrant>().Where(g => !g.IsClosed).Select(g => g.Report());
        return [.. _reports, .. held];
    }

    /// <summary>The owner has answered.</summary>
    /// <param name="asked">What the request asked for.</param>
    /// <param name="sent">What the request said of grants.</param>
    /// <param name="sentAt">When the request was sent: the grant lives from then on.</param>
    /// <param name="interval">Of the rule: after so long there may be one token more.</param>
    public void Answered(LeaseAnswer answer, LeaseAsk asked, IReadOnlyCollection<GrantReport> sent, long sentAt, long interval, long now)
    {
        _isAsking = false;
        _reports.RemoveAll(r => sent.Contains(r));
        if (asked.Need > 0) Volatile.Write(ref _retryAt, answer.RetryAfter != 0 ? now + answer.RetryAfter : answer.Level == 0 && answer.Granted < asked.Want ? now + interval : 0);
        if (answer.Granted == 0) return;
        var grant = new HeldGrant(answer.Grant, answer.Granted, sentAt + LeaseTerms.Lifetime);
        Retire(now);
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
    public void Lost() => _isAsking = false;

    /// <summary>The owner is another, or began anew: what it has said of retrying counts no more.</summary>
    public void OwnerChanged() => Volatile.Write(ref _retryAt, 0);

    /// <summary>Gives everything back, as at the end of the edge.</summary>
    public void CloseAll()
    {
        Close(_current);
        Close(_next);
        _current = null;
        _next = null;
    }

    private static long LeftOf(HeldGrant? grant, long now) => grant is not null && now < grant.ExpiresAt ? grant.Left : 0;

    /// <summary>Demand as a moving mean over a third of a second: what was asked for, whether or not it was there.</summary>
    private void Measure(long now)
    {
        var elapsed = now - _measuredAt;
        if (elapsed < Ahead / 10) return;
        var asked = Interlocked.Exchange(ref _asked, 0);
        var weight = 1 - Math.Exp(-(double)elapsed / (3 * Ahead));
        _demand += weight * (((double)asked / elapsed) - _demand);
        Volatile.Write(ref _low, (long)(_demand * Ahead / 2));
        _measuredAt = now;
    }

    /// <summary>Puts away what is used up or has expired.</summary>
    private void Retire(long now)
    {
        if (_current is { } current && LeftOf(current, now) == 0)
        {
            Close(current);
            _current = _next;
            _next = null;
        }
        if (_next is { } next && LeftOf(next, now) == 0)
        {
            Close(next);
            _next = null;
        }
    }

    private void Close(HeldGrant? grant)
    {
        // What cannot be told any more expires with its owner.
        if (grant?.Close() is { } report && _reports.Count < MostReports) _reports.Add(report);
    }
}
