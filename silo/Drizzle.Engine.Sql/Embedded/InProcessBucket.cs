using Drizzle.Contracts.Limits;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>
/// A bucket in memory, in 32 bytes, because there are up to a million. Its state is one number that is changed by compare-and-exchange alone; its rule never
/// changes: a bucket under another rule is another one. A retired bucket stays so; who meets one looks for its successor.
/// </summary>
internal sealed class InProcessBucket
{
    private const long Retired = -1;

    // The lowest bits of the state: whether it was taken from, and whether tokens were put in, since it was written down. The others are the instant at which it is full.
    private const int Bits = 2;
    private const long Taken = 1;
    private const long Filled = 2;

    private long _state;
    private BucketTerms _terms;

    private InProcessBucket(BucketTerms terms, long until, long bits) => (_terms, _state) = (terms, (until << Bits) | bits);

    public BucketRule Rule => Volatile.Read(ref _terms).Rule;

    /// <summary>To be given back to <see cref="TryReturn"/>.</summary>
    public long State => Volatile.Read(ref _state);

    /// <summary>The instant at which it is full; negative where it is retired.</summary>
    public long Until => State >> Bits;

    /// <summary>One of which nothing is written down.</summary>
    public static InProcessBucket New(BucketTerms terms, long until) => new(terms, until, Taken);

    public static InProcessBucket AsWritten(BucketTerms terms, long until) => new(terms, until, 0);

    /// <summary>The same one under another rule.</summary>
    public static InProcessBucket Replacing(InProcessBucket before, BucketTerms terms, long until) =>
        new(before._terms.Refusals is { } refusals ? new RefusingTerms(terms.Rule, refusals) : terms, until, Taken | Filled);

    public BucketAnswer Look(long now, long cost) => TokenBucket.Take(Rule, Until, now, cost);

    /// <summary>Where it is to be written down, the instant at which it is full; counts as written then. For one caller alone.</summary>
    /// <param name="now">The instant.</param>
    /// <param name="again">Also where nothing has changed.</param>
    public long? UntilToWrite(long now, bool again)
    {
        var state = State;
        var until = state >> Bits;
        if (state == Retired || (!again && (state & (Taken | Filled)) == 0)) return null;
        // One that is full again by itself is so too by what may be written of it.
        if (until <= now && (state & Filled) == 0) return null;
        // Whatever comes in between is written the next time.
        Interlocked.CompareExchange(ref _state, until << Bits, state);
        return Math.Max(until, now);
    }

    public void Refuse(long now)
    {
        while (true)
        {
            var terms = Volatile.Read(ref _terms);
            if (terms.Refusals is { } refusals)
            {
                refusals.Add(now);
                return;
            }
            Interlocked.CompareExchange(ref _terms, new RefusingTerms(terms.Rule, new RefusalCount()), terms);
        }
    }

    /// <summary>In the last minute.</summary>
    public long Refused(long now) => Volatile.Read(ref _terms).Refusals?.LastMinute(now) ?? 0;

    /// <param name="now">The instant.</param>
    /// <param name="tokens">Null for as many as fit.</param>
    /// <returns>The level after that; null where the bucket was retired meanwhile.</returns>
    public long? TryFill(long now, long? tokens)
    {
        while (true)
        {
            var state = State;
            if (state == Retired) return null;
            var filled = tokens is { } some && some < Rule.Burst ? TokenBucket.Return(Rule, Math.Max(state >> Bits, now), some) : TokenBucket.Full;
            if (TryChange(state, filled, Filled)) return TokenBucket.Level(Rule, filled, now);
        }
    }

    /// <returns>False where the bucket was retired meanwhile.</returns>
    public bool TryTake(long now, long cost, out BucketAnswer answer)
    {
        while (true)
        {
            var state = State;
            answer = TokenBucket.Take(Rule, state >> Bits, now, cost);
            if (state == Retired) return false;
            if (!answer.IsAdmitted || TryChange(state, answer.Until, Taken)) return true;
        }
    }

    /// <returns>False where the state is no longer <paramref name="state"/>, or the bucket is retired.</returns>
    public bool TryReturn(long cost, long state, long held) => state != Retired && TryChange(state, TokenBucket.Return(Rule, state >> Bits, cost, held), Filled);

    /// <returns>False where another thread has retired it.</returns>
    public bool TryRetire(out long until)
    {
        var state = Interlocked.Exchange(ref _state, Retired);
        until = state >> Bits;
        return state != Retired;
    }

    /// <summary>Retires the bucket if it is full.</summary>
    public bool TryRetire(long now)
    {
        var state = State;
        return state != Retired && state >> Bits <= now && Interlocked.CompareExchange(ref _state, Retired, state) == state;
    }

    private bool TryChange(long state, long until, long bit) =>
        Interlocked.CompareExchange(ref _state, (until << Bits) | (state & (Taken | Filled)) | bit, state) == state;
}
