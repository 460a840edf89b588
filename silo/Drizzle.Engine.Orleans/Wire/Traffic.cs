using Drizzle.Contracts.Traffic;
using Drizzle.Contracts.Values;

namespace Drizzle.Engine.Orleans;

[GenerateSerializer, Alias("drizzle.route-traffic")]
public struct RouteTrafficWire
{
    [Id(0)]
    public string Service;

    [Id(1)]
    public string Route;

    [Id(2)]
    public long Requests;

    [Id(3)]
    public long Limited;

    [Id(4)]
    public long ClientErrors;

    [Id(5)]
    public long ServerErrors;

    [Id(6)]
    public long[] Durations;

    [Id(7)]
    public TimeSpan SinceFirst;

    [Id(8)]
    public TimeSpan SinceLast;

    public static RouteTrafficWire Of(RouteTraffic value) => new()
    {
        Service = value.Service, Route = value.Route, Requests = value.Requests, Limited = value.Limited, ClientErrors = value.ClientErrors, ServerErrors = value.ServerErrors,
        Durations = [.. value.Durations], SinceFirst = value.SinceFirst, SinceLast = value.SinceLast,
    };

    public readonly RouteTraffic Read() => new(Service, Route, Requests, Limited, ClientErrors, ServerErrors, Durations.ToValueList(), SinceFirst, SinceLast);
}

[GenerateSerializer, Alias("drizzle.destination-state")]
public struct DestinationStateWire
{
    [Id(0)]
    public string Url;

    [Id(1)]
    public bool IsUp;

    [Id(2)]
    public int InFlight;
}

[GenerateSerializer, Alias("drizzle.service-health")]
public struct ServiceHealthWire
{
    [Id(0)]
    public string Service;

    [Id(1)]
    public CircuitPosition? Circuit;

    [Id(2)]
    public DestinationStateWire[] Destinations;

    public static ServiceHealthWire Of(ServiceHealth value) => new()
    {
        Service = value.Service, Circuit = value.Circuit, Destinations = [.. value.Destinations.Select(d => new DestinationStateWire { Url = d.Url, IsUp = d.IsUp, InFlight = d.InFlight })],
    };

    public readonly ServiceHealth Read() => new(Service, Circuit, Destinations.Select(d => new DestinationState(d.Url, d.IsUp, d.InFlight)).ToValueList());
}

[GenerateSerializer, Alias("drizzle.tenant-traffic")]
public struct TenantTrafficWire
{
    [Id(0)]
    public RouteTrafficWire[] Routes;

    [Id(1)]
    public ServiceHealthWire[] Services;

    public static TenantTrafficWire Of(TenantTraffic value) => new() { Routes = [.. value.Routes.Select(RouteTrafficWire.Of)], Services = [.. value.Services.Select(ServiceHealthWire.Of)] };

    public readonly TenantTraffic Read(string tenant) => new(tenant, Routes.Select(r => r.Read()).ToValueList(), Services.Select(s => s.Read()).ToValueList());
}

/// <summary>What an edge said last; of a route or of a service.</summary>
[GenerateSerializer, Alias("drizzle.heard-traffic")]
public struct HeardTrafficWire
{
    [Id(0)]
    public string Edge;

    [Id(1)]
    public DateTimeOffset StartedAt;

    [Id(2)]
    public DateTimeOffset At;

    [Id(3)]
    public RouteTrafficWire? Route;

    [Id(4)]
    public ServiceHealthWire? Service;

    public static HeardTrafficWire[] Of(KnownTraffic known) =>
    [
        .. known.Routes.Select(r => new HeardTrafficWire { Edge = r.Edge, StartedAt = r.StartedAt, At = r.At, Route = RouteTrafficWire.Of(r.What) }),
        .. known.Services.Select(s => new HeardTrafficWire { Edge = s.Edge, StartedAt = s.StartedAt, At = s.At, Service = ServiceHealthWire.Of(s.What) }),
    ];

    public static KnownTraffic Read(HeardTrafficWire[] heard) => new(
        [.. heard.SelectMany(h => h.Route is { } route ? [new Heard<RouteTraffic>(h.Edge, h.StartedAt, h.At, route.Read())] : Array.Empty<Heard<RouteTraffic>>())],
        [.. heard.SelectMany(h => h.Service is { } service ? [new Heard<ServiceHealth>(h.Edge, h.StartedAt, h.At, service.Read())] : Array.Empty<Heard<ServiceHealth>>())]);
}
