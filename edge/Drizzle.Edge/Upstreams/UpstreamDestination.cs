using Drizzle.Contracts.Model;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Drizzle.Edge.Upstreams;

/// <summary>One place where requests go, and how it fares. Lives on across revisions that leave it as it is.</summary>
internal sealed class UpstreamDestination
{
    private int _inFlight;

    public UpstreamDestination(Destination model, PassiveHealth? passive, TimeProvider clock)
    {
        Model = model;
        Prefix = model.Url.TrimEnd('/');
        Weight = model.Weight ?? 1;
        Passive = passive is null ? null : new PassiveHealthWindow(passive, clock);
        State = new DestinationState(Prefix, new DestinationModel(new DestinationConfig { Address = Prefix }));
        Hash = StableHash.Of(Prefix);
        AffinityValue = Hash.ToString("x16");
    }

    public Destination Model { get; }

    /// <summary>Scheme, authority and path, without a slash at the end.</summary>
    public string Prefix { get; }

    public int Weight { get; }

    public ulong Hash { get; }

    /// <summary>Names this destination in the affinity cookie.</summary>
    public string AffinityValue { get; }

    public PassiveHealthWindow? Passive { get; }

    /// <summary>YARP's view of it, which active health checks write.</summary>
    public DestinationState State { get; }

    public int InFlight => Volatile.Read(ref _inFlight);

    public bool IsAvailable => State.Health.Active != DestinationHealth.Unhealthy && Passive is not { IsOut: true };

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
