namespace Drizzle.Contracts.Limits.Leases;

/// <summary>
/// A grant as the edge that holds it keeps it. A request that one limit decides takes tokens at once; one with several reserves them, and then commits or cancels,
/// so that what another limit refuses was never reported as spent. All of it by single atomic operations on one number, from any number of threads.
/// </summary>
public sealed class HeldGrant
{
    private const long Closed = -1;
    private const long One = 1L << 32;

    private readonly GrantId _id;

    // Tokens that are neither reserved nor spent in the upper half, those that are reserved in the lower; or that the grant is closed.
    private long _state;

    /// <param name="id">What its owner calls it.</param>
    /// <param name="tokens">How many it has; what is more than 31 bits hold goes back unused.</param>
    /// <param name="expiresAt">The instant, on this edge's monotonic clock in nanoseconds, from which it may not be used: a lifetime after the request for it was sent.</param>
    public HeldGrant(GrantId id, long tokens, long expiresAt)
    {
        _id = id;
        Tokens = Math.Min(tokens, int.MaxValue);
        _state = Tokens * One;
        ExpiresAt = expiresAt;
    }

    /// <summary>How many it had.</summary>
    public long Tokens { get; }

    public long ExpiresAt { get; }

    /// <summary>Tokens that may still be taken, if it has not expired.</summary>
    public long Left => LeftOf(Volatile.Read(ref _state));

    public bool IsClosed => Volatile.Read(ref _state) == Closed;

    /// <summary>Takes tokens for a request that nothing else decides.</summary>
    public bool TryTake(long cost, long now) => now < ExpiresAt && TryChange(cost, -cost * One);

    /// <summary>Takes tokens for a request whose other limits are yet to decide.</summary>
    public bool TryReserve(long cost, long now) => now < ExpiresAt && TryChange(cost, cost - (cost * One));

    /// <summary>The request goes on: what it reserved is spent.</summary>
    public void Commit(long cost) => TryChange(0, -cost);

    /// <summary>Another limit refused the request. Of a grant that was closed meanwhile the tokens are lost, because its owner was told that they are spent.</summary>
    public void Cancel(long cost) => TryChange(0, (cost * One) - cost);

    /// <summary>What is spent of it so far.</summary>
    public GrantReport Report()
    {
        var state = Volatile.Read(ref _state);
        return new(_id, state == Closed ? 0 : Tokens - LeftOf(state) - ReservedOf(state), IsFinal: false);
    }

    /// <summary>Closes it unless some of it is reserved just now, which may yet be cancelled.</summary>
    /// <returns>The last report of it; null where it was not closed now.</returns>
    public GrantReport? TryClose()
    {
        var state = Volatile.Read(ref _state);
        if (state == Closed || ReservedOf(state) > 0) return null;
        return Interlocked.CompareExchange(ref _state, Closed, state) == state ? new(_id, Tokens - LeftOf(state), IsFinal: true) : null;
    }

    /// <summary>Nothing more is taken from it. What is reserved at this instant counts as spent, whatever becomes of it.</summary>
    /// <returns>The last report of it; null where it was closed before.</returns>
    public GrantReport? Close()
    {
        var state = Interlocked.Exchange(ref _state, Closed);
        return state == Closed ? null : new(_id, Tokens - LeftOf(state), IsFinal: true);
    }

    private static long LeftOf(long state) => state == Closed ? 0 : state >> 32;

    private static long ReservedOf(long state) => state & (One - 1);

    /// <returns>False where fewer are left than are needed, or it is closed.</returns>
    private bool TryChange(long needed, long change)
    {
        var state = Volatile.Read(ref _state);
        while (true)
        {
            if (state == Closed || state >> 32 < needed) return false;
            var seen = Interlocked.CompareExchange(ref _state, state + change, state);
            if (seen == state) return true;
            state = seen;
        }
    }
}
