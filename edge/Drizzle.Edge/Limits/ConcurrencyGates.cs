using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Limits;

/// <summary>
/// Requests under way on this edge, counted where a limit says so. A gate is a number that is changed by compare-and-exchange alone; one that nobody is in is
/// taken away.
/// </summary>
internal sealed class ConcurrencyGates
{
    private readonly ConcurrentDictionary<BucketId, Gate> _gates = new();

    /// <summary>How many gates somebody is in.</summary>
    public int Count => _gates.Count;

    /// <summary>Enters all gates of a request, or none.</summary>
    /// <returns>The limit that has no room; null where all had.</returns>
    public CompiledConcurrency? TryEnter(Exchange exchange)
    {
        if (exchange.Route is not { } route) return null;
        return TryEnter(route.Concurrency, exchange) ?? (exchange.Consumer is { } consumer ? TryEnter(consumer.Plan.Concurrency, exchange) : null);
    }

    /// <summary>A request has ended, or goes no further.</summary>
    public void Leave(Exchange exchange)
    {
        if (exchange.Gates is not { } entered) return;
        foreach (var bucket in entered)
        {
            if (_gates.TryGetValue(bucket, out var gate) && gate.Leave()) _gates.TryRemove(new(bucket, gate));
        }
        exchange.Gates = null;
    }

    /// <returns>The limit that has no room, and then the request is in no gate at all; null where all had.</returns>
    internal CompiledConcurrency? TryEnter(CompiledConcurrency[] limits, Exchange exchange)
    {
        foreach (var limit in limits)
        {
            var bucket = limit.Keys.BucketOf(limit.Id, exchange);
            if (!TryEnter(bucket, limit.Most))
            {
                Leave(exchange);
                return limit;
            }
            (exchange.Gates ??= []).Add(bucket);
        }
        return null;
    }

    private bool TryEnter(BucketId bucket, int most)
    {
        while (true)
        {
            if (_gates.GetOrAdd(bucket, static _ => new Gate()).TryEnter(most) is { } entered) return entered;
            // It was left for good at this instant; its taker has not taken it away yet.
        }
    }

    private sealed class Gate
    {
        private const int Closed = -1;

        private int _inside;

        /// <returns>Null where it is closed.</returns>
        public bool? TryEnter(int most)
        {
            while (true)
            {
                var inside = Volatile.Read(ref _inside);
                if (inside == Closed) return null;
                if (inside >= most) return false;
                if (Interlocked.CompareExchange(ref _inside, inside + 1, inside) == inside) return true;
            }
        }

        /// <returns>Whether nobody is inside any more; then it is closed.</returns>
        public bool Leave()
        {
            while (true)
            {
                var inside = Volatile.Read(ref _inside);
                var left = inside == 1 ? Closed : inside - 1;
                if (Interlocked.CompareExchange(ref _inside, left, inside) == inside) return left == Closed;
            }
        }
    }
}
