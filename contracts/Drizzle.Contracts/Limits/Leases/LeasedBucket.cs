namespace Drizzle.Contracts.Limits.Leases;

/// <summary>
/// One bucket as its owner keeps it: a level x of tokens that are here, and O outstanding, which edges hold and may still spend. Granting moves tokens from x
/// to O; a report that they are spent takes them out of O; one that they are not needed moves them back; a grant that has expired leaves O and is
/// credited to nobody. Refill keeps <c>x + O ≤ B</c>, and that is the proof: what can be admitted in a window (s,t) is O(s), or x(s), or was refilled in it, so
/// at most <c>B + r·(t−s)</c>.
/// </summary>
/// <remarks>Not for several threads at once. Time is given, in nanoseconds of a clock that never runs backwards.</remarks>
public sealed class LeasedBucket
{
    /// <param name="Edge">Who holds it.</param>
    /// <param name="Left">Tokens of it that are still in O.</param>
    /// <param name="ReclaimAt">From when on the edge can use it no more.</param>
    private record struct Grant(long Number, string Edge, long Tokens, long Left, long ReclaimAt);

    private readonly List<Grant> _grants = [];

    // x times the interval: nanoseconds of refill that are here. At most (B − O) intervals, or 0 where a lowered burst is below O.
    private long _credit;
    private long _at;

    private LeasedBucket(BucketRule rule, long credit, long at)
    {
        Rule = rule;
        _credit = credit;
        _at = at;
    }

    public BucketRule Rule { get; private set; }

    /// <summary>O: tokens that edges hold and may still spend.</summary>
    public long Outstanding { get; private set; }

    /// <summary>A bucket of which no token was ever granted.</summary>
    public static LeasedBucket Full(BucketRule rule, long now) => new(rule, rule.Fill, now);

    /// <summary>
    /// A bucket that another owner may have granted from, whose state is lost: it grants nothing until every grant of that owner must have expired, and is empty then.
    /// </summary>
    /// <param name="lostAt">The last instant at which the other may have granted.</param>
    public static LeasedBucket AfterLoss(BucketRule rule, long lostAt) => new(rule, 0, lostAt + LeaseTerms.Reclaim);

    /// <summary>A bucket whose owner ended in good order. Only durations went over, so that grants may count for longer than they can be used, never for less.</summary>
    public static LeasedBucket TakenOver(HandedBucket handed, long now)
    {
        var bucket = new LeasedBucket(handed.Rule, 0, now + Math.Max(0, handed.FillsIn));
        foreach (var grant in handed.Grants)
        {
            bucket._grants.Add(new(grant.Number, grant.Edge, grant.Tokens, grant.Left, now + Math.Clamp(grant.ReclaimIn, 0, LeaseTerms.Reclaim)));
            bucket.Outstanding += grant.Left;
        }
        bucket._credit = Math.Clamp(handed.Credit, 0, bucket.Room);
        return bucket;
    }

    /// <summary>A bucket of which it is known how much is surely left, and that no grant of it can be used any more.</summary>
    /// <param name="credit">Nanoseconds of refill that are here.</param>
    /// <param name="at">From when on it fills. What is here may be granted before, because it leaves out all that may be outstanding.</param>
    public static LeasedBucket Holding(BucketRule rule, long credit, long at) => new(rule, Math.Clamp(credit, 0, rule.Fill), at);

    /// <summary>What a successor goes on with. This one must grant nothing any more.</summary>
    public HandedBucket HandOver(long now)
    {
        Advance(now);
        return new(Rule, _credit, Math.Max(0, _at - now), [.. _grants.Select(g => new HandedGrant(g.Number, g.Edge, g.Tokens, g.Left, g.ReclaimAt - now))]);
    }

    /// <summary>Whether to forget it is to forget nothing: it is full, and nobody holds any of it.</summary>
    public bool IsFull(long now)
    {
        Advance(now);
        return _grants.Count == 0 && _at <= now && _credit >= Rule.Fill;
    }

    /// <summary>Tokens that edges may still spend, by edge.</summary>
    public IEnumerable<(string Edge, long Tokens)> Holders(long now)
    {
        Advance(now);
        return _grants.Where(g => g.Left > 0).GroupBy(g => g.Edge, (edge, grants) => (edge, grants.Sum(g => g.Left)));
    }

    /// <summary>Puts tokens in, as far as they fit beside what edges have; none into one that begins to fill later.</summary>
    /// <param name="tokens">Null for as many as fit.</param>
    /// <returns>The level after that.</returns>
    public long Fill(long? tokens, long now)
    {
        Advance(now);
        if (_at <= now) _credit = tokens is { } some && some < Rule.Burst ? Math.Min(_credit + (Math.Max(0, some) * Rule.Interval), Room) : Room;
        return _credit / Rule.Interval;
    }

    /// <summary>x: whole tokens that are here.</summary>
    public long Level(long now)
    {
        Advance(now);
        return _credit / Rule.Interval;
    }

    /// <summary>Moves tokens from the level to an edge.</summary>
    /// <param name="grant">What the grant is to be called; not used before.</param>
    /// <param name="need">With fewer than these the edge can do nothing, at least 1.</param>
    /// <param name="want">How many it would like, at least <paramref name="need"/>. It gets at most its share of the level among the edges that hold some.</param>
    public LeaseAnswer Lease(GrantId grant, string edge, long need, long want, long now)
    {
        Advance(now);
        var level = _credit / Rule.Interval;
        if (need > Rule.Burst) return new(grant, 0, level, -1);
        if (level < need) return new(grant, 0, _at > now ? LeaseAnswer.NotYet : level, RetryAfter(need, now));
        var sharers = Sharers(edge);
        var share = (level + sharers - 1) / sharers;
        var tokens = Math.Max(need, Math.Min(want, share));
        _credit -= tokens * Rule.Interval;
        Outstanding += tokens;
        _grants.Add(new(grant.Number, edge, tokens, tokens, now + LeaseTerms.Reclaim));
        return new(grant, tokens, level - tokens, 0);
    }

    /// <summary>Takes note of what an edge says. What is not known here (expired, of another owner, said already) changes nothing.</summary>
    public void Report(long grant, long spent, bool isFinal, long now)
    {
        Advance(now);
        var index = _grants.FindIndex(g => g.Number == grant);
        if (index < 0) return;
        var held = _grants[index];
        var left = Math.Min(held.Left, held.Tokens - Math.Clamp(spent, 0, held.Tokens));
        Outstanding -= held.Left - left;
        if (!isFinal)
        {
            _grants[index] = held with { Left = left };
            return;
        }
        _grants.RemoveAt(index);
        Outstanding -= left;
        // A lowered burst may leave no room for them.
        _credit = Math.Min(_credit + (left * Rule.Interval), Room);
    }

    /// <summary>Goes on under another rule: whole tokens go over as far as they fit beside what is outstanding.</summary>
    public void Change(BucketRule rule, long now)
    {
        Advance(now);
        if (rule == Rule) return;
        var level = _credit / Rule.Interval;
        Rule = rule;
        _credit = Math.Min(Math.Min(level, rule.Burst) * rule.Interval, Room);
    }

    private long Room => Math.Max(0, Rule.Burst - Outstanding) * Rule.Interval;

    /// <summary>Brings the bucket to an instant; expired grants leave O in the order in which they expire, each from then on.</summary>
    private void Advance(long now)
    {
        while (NextExpired(now) is { } index)
        {
            Refill(_grants[index].ReclaimAt);
            Outstanding -= _grants[index].Left;
            _grants.RemoveAt(index);
        }
        Refill(now);
    }

    private int? NextExpired(long now)
    {
        int? next = null;
        for (var i = 0; i < _grants.Count; i++)
        {
            if (_grants[i].ReclaimAt <= now && (next is not { } best || _grants[i].ReclaimAt < _grants[best].ReclaimAt)) next = i;
        }
        return next;
    }

    private void Refill(long now)
    {
        if (now <= _at) return;
        _credit = Math.Min(Saturated(_credit, now - _at), Room);
        _at = now;
    }

    private static long Saturated(long credit, long elapsed) => credit > long.MaxValue - elapsed ? long.MaxValue : credit + elapsed;

    /// <summary>Edges that hold some of it, with the one that asks.</summary>
    private long Sharers(string edge)
    {
        var others = 0;
        for (var i = 0; i < _grants.Count; i++)
        {
            var holder = _grants[i].Edge;
            if (holder != edge && !_grants.Exists(g => g.Edge == holder && g.Number < _grants[i].Number)) others++;
        }
        return others + 1;
    }

    private long RetryAfter(long need, long now)
    {
        // A bucket whose state was lost begins to fill in the future.
        var missing = (need * Rule.Interval) - _credit + Math.Max(0, _at - now);
        // Where what is outstanding leaves no room, nothing refills until some of it is settled; it is asked again soon.
        return Outstanding + need <= Rule.Burst ? missing : Math.Max(missing, Rule.Interval);
    }
}
