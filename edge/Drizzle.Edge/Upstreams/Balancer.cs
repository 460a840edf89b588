using Drizzle.Contracts.Model;
using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Upstreams;

/// <summary>Chooses a destination among those that are available. Called by many requests at once.</summary>
internal abstract class Balancer(UpstreamDestination[] destinations)
{
    protected UpstreamDestination[] Destinations { get; } = destinations;

    /// <returns>Null where none is available.</returns>
    public abstract UpstreamDestination? Choose(Exchange exchange);

    /// <summary>The one that would be chosen now; it does not lose its turn.</summary>
    public virtual UpstreamDestination? Peek(Exchange exchange) => Choose(exchange);

    public static Balancer Of(Service service, UpstreamDestination[] destinations) => service.LoadBalancing switch
    {
        LoadBalancing.Weighted => new InTurn(destinations, Turns.ByWeight(destinations)),
        LoadBalancing.LeastRequests => new LeastRequests(destinations),
        LoadBalancing.PowerOfTwo => new PowerOfTwo(destinations),
        LoadBalancing.Random => new Anyone(destinations),
        LoadBalancing.ConsistentHash => new ByHash(destinations, service.HashOn ?? "address"),
        _ => new InTurn(destinations, Turns.Equal(destinations.Length)),
    };
}

/// <summary>Round robin over a sequence in which each destination stands as often as it should be chosen.</summary>
internal sealed class InTurn(UpstreamDestination[] destinations, byte[] turns) : Balancer(destinations)
{
    private uint _next = uint.MaxValue;

    public override UpstreamDestination? Choose(Exchange exchange) => From(Interlocked.Increment(ref _next), exchange);

    public override UpstreamDestination? Peek(Exchange exchange) => From(Volatile.Read(ref _next) + 1, exchange);

    private UpstreamDestination? From(uint start, Exchange exchange)
    {
        for (var i = 0; i < turns.Length; i++)
        {
            var destination = Destinations[turns[(start + (uint)i) % (uint)turns.Length]];
            if (exchange.MayUse(destination)) return destination;
        }
        return null;
    }
}

/// <summary>Sequences of destination indexes; there are at most 256 destinations.</summary>
internal static class Turns
{
    public static byte[] Equal(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    /// <summary>Smooth: a destination's turns are spread over the sequence, as nginx spreads them.</summary>
    public static byte[] ByWeight(UpstreamDestination[] destinations)
    {
        var divisor = destinations.Select(d => d.Weight).Aggregate((a, b) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(a, b));
        var weights = destinations.Select(d => d.Weight / divisor).ToArray();
        var current = new int[weights.Length];
        var turns = new byte[weights.Sum()];
        for (var turn = 0; turn < turns.Length; turn++)
        {
            for (var i = 0; i < weights.Length; i++) current[i] += weights[i];
            var best = Array.IndexOf(current, current.Max());
            current[best] -= turns.Length;
            turns[turn] = (byte)best;
        }
        return turns;
    }
}

/// <summary>The fewest requests in flight for its weight; ties go round.</summary>
internal sealed class LeastRequests(UpstreamDestination[] destinations) : Balancer(destinations)
{
    private uint _next;

    public override UpstreamDestination? Choose(Exchange exchange) => From(Interlocked.Increment(ref _next), exchange);

    public override UpstreamDestination? Peek(Exchange exchange) => From(Volatile.Read(ref _next) + 1, exchange);

    private UpstreamDestination? From(uint start, Exchange exchange)
    {
        UpstreamDestination? best = null;
        for (var i = 0; i < Destinations.Length; i++)
        {
            var candidate = Destinations[(start + (uint)i) % (uint)Destinations.Length];
            if (exchange.MayUse(candidate) && (best is null || IsLessBusy(candidate, best))) best = candidate;
        }
        return best;
    }

    /// <summary>Compares (in flight + 1) / weight without dividing.</summary>
    internal static bool IsLessBusy(UpstreamDestination a, UpstreamDestination b) =>
        (a.InFlight + 1L) * b.Weight < (b.InFlight + 1L) * a.Weight;
}

/// <summary>The less busy of two that chance names.</summary>
internal sealed class PowerOfTwo(UpstreamDestination[] destinations) : Balancer(destinations)
{
    public override UpstreamDestination? Choose(Exchange exchange)
    {
        var first = Anyone.From(exchange, Destinations, except: null, byWeight: false);
        if (first is null) return null;
        var second = Anyone.From(exchange, Destinations, except: first, byWeight: false);
        return second is not null && LeastRequests.IsLessBusy(second, first) ? second : first;
    }
}

/// <summary>Any available one, by weight.</summary>
internal sealed class Anyone(UpstreamDestination[] destinations) : Balancer(destinations)
{
    public override UpstreamDestination? Choose(Exchange exchange) => From(exchange, Destinations, except: null, byWeight: true);

    /// <summary>Reservoir choice in one pass, without a list of those available.</summary>
    internal static UpstreamDestination? From(Exchange exchange, UpstreamDestination[] destinations, UpstreamDestination? except, bool byWeight)
    {
        UpstreamDestination? chosen = null;
        var total = 0;
        foreach (var destination in destinations)
        {
            if (ReferenceEquals(destination, except) || !exchange.MayUse(destination)) continue;
            var weight = byWeight ? destination.Weight : 1;
            total += weight;
            if (Random.Shared.Next(total) < weight) chosen = destination;
        }
        return chosen;
    }
}

/// <summary>Rendezvous hashing: a client stays where it is when others come or go, and only those of a lost destination move.</summary>
internal sealed class ByHash(UpstreamDestination[] destinations, string hashOn) : Balancer(destinations)
{
    private readonly string _header = hashOn.StartsWith("header:", StringComparison.Ordinal) ? hashOn[7..] : "";
    private readonly string _cookie = hashOn.StartsWith("cookie:", StringComparison.Ordinal) ? hashOn[7..] : "";

    public override UpstreamDestination? Choose(Exchange exchange)
    {
        var key = StableHash.Of(KeyOf(exchange));
        UpstreamDestination? best = null;
        var highest = double.NegativeInfinity;
        foreach (var destination in Destinations)
        {
            if (!exchange.MayUse(destination)) continue;
            // Uniform in (0,1]; weight / −ln(u) ranks destinations in proportion to their weights.
            var uniform = ((StableHash.Mix(key ^ destination.Hash) >> 11) + 1) / (double)(1L << 53);
            var score = destination.Weight / -Math.Log(uniform);
            if (score <= highest) continue;
            highest = score;
            best = destination;
        }
        return best;
    }

    private string KeyOf(Exchange exchange) =>
        _header.Length > 0 ? exchange.Http.Request.Headers[_header].ToString()
        : _cookie.Length > 0 ? exchange.Http.Request.Cookies[_cookie] ?? ""
        : exchange.Client.Text;
}
