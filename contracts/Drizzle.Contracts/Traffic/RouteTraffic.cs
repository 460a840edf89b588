using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Traffic;

/// <summary>What one edge has counted of a route since it started.</summary>
/// <param name="Requests">All.</param>
/// <param name="Limited">Of these, those that ended with 429.</param>
/// <param name="ClientErrors">Of these, those that ended with another status of 4xx, the gateway's or the destination's.</param>
/// <param name="ServerErrors">Of these, those that ended with a status of 5xx.</param>
/// <param name="Durations">From head to end, by the buckets of <see cref="Traffic.Durations"/>; what is missing at the end is none.</param>
/// <param name="SinceFirst">How long ago the first one ended, to about the interval of reports.</param>
/// <param name="SinceLast">How long ago the last one ended, to the same.</param>
public sealed record RouteTraffic(string Service, string Route, long Requests, long Limited, long ClientErrors, long ServerErrors, ValueList<long> Durations, TimeSpan SinceFirst, TimeSpan SinceLast);
