namespace Drizzle.Contracts.Limits.Leases;

/// <summary>
/// A grant as the edge that holds it keeps it. Requests take tokens in two steps, so that one that another limit refuses gives back what was never reported
/// as spent: they reserve, and then commit or cancel. All of it by single atomic operations, from any number of threads.
/// </summary>
public sealed class HeldGrant
{
    private const long Closed = -1;

    private readonly GrantId _id;
    // Tokens that are neither reserved nor spent; or that the grant is closed.
    private long _left;
    private long _spent;

    /// <param name="id">What its owner calls it.</param>
    /// <param name="tokens">How many it has.</param>
    /// <param name="expiresAt">The instant, on this edge's monotonic clock in nanoseconds, from which it may not be used: a lifetime after the request for it was sent.</param>
    public HeldGrant(GrantId id, long tokens, long expiresAt)
    {
        _id = id;
        Tokens = tokens;
        _left = tokens;
        ExpiresAt = expiresAt;
    }

    /// <summary>How many it had.</summary>
    public long Tokens { get; }

    public long ExpiresAt { get; }

    /// <summary>Tokens that may still be taken, if it has not expired.</summary>
    public long Left => Math.Max(0, Volatile.Read(ref _left));

    public bool IsClosed => Volatile.Read(ref _left) == Closed;

    /// <summary>Takes tokens for a request whose other limits are yet to decide.</summary>
    public bool TryReserve(long cost, long now)
    {
        if (now >= ExpiresAt) return false;
        while (true)
        {
            var left = Volatile.Read(ref _left);
            if (left < cost) return false;
            if (Interlocked.CompareExchange(ref _left, left - cost, left) == left) return true;
        }
    }

    /// <summary>The request goes on: what it reserved is spent.</summary>
    public void Commit(long cost) => Interlocked.Add(ref _spent, cost);

    /// <summary>Another limit refused the request. Of a grant that was closed meanwhile the tokens are lost, because its owner was told that they are spent.</summary>
    public void Cancel(long cost)
    {
        while (true)
        {
            var left = Volatile.Read(ref _left);
            if (left == Closed || Interlocked.CompareExchange(ref _left, left + cost, left) == left) return;
        }
    }

    /// <summary>What is spent of it so far.</summary>
    public GrantReport Report() => new(_id, Volatile.Read(ref _spent), IsFinal: false);

    /// <summary>Closes it unless some of it is reserved just now, which may yet be cancelled.</summary>
    /// <returns>The last report of it; null where it was not closed now.</returns>
    public GrantReport? TryClose()
    {
        // What is committed after this was read was reserved before, and what is reserved after it changes what is left.
        var left = Volatile.Read(ref _left);
        if (left == Closed || left + Volatile.Read(ref _spent) != Tokens) return null;
        return Interlocked.CompareExchange(ref _left, Closed, left) == left ? new(_id, Tokens - left, IsFinal: true) : null;
    }

    /// <summary>Nothing more is taken from it. What is reserved at this instant counts as spent, whatever becomes of it.</summary>
    /// <returns>The last report of it; null where it was closed before.</returns>
    public GrantReport? Close()
    {
        var left = Interlocked.Exchange(ref _left, Closed);
        return left == Closed ? null : new(_id, Tokens - left, IsFinal: true);
    }
}
