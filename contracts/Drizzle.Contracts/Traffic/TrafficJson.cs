using System.Text.Json.Serialization;

namespace Drizzle.Contracts.Traffic;

/// <summary>The JSON form in which an engine keeps what edges say.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RouteTraffic))]
[JsonSerializable(typeof(ServiceHealth))]
[JsonSerializable(typeof(long[]))]
[JsonSerializable(typeof(DestinationState[]))]
public sealed partial class TrafficJson : JsonSerializerContext;
