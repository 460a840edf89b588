using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

[GenerateSerializer, Alias("drizzle.bucket-status")]
public struct BucketStatusWire
{
    [Id(0)]
    public BucketId Bucket;

    [Id(1)]
    public long Interval;

    [Id(2)]
    public long Burst;

    [Id(3)]
    public long Level;

    [Id(4)]
    public string[] Edges;

    [Id(5)]
    public long[] Tokens;

    [Id(6)]
    public long Refused;
}

[RegisterConverter]
public sealed class BucketStatusConverter : IConverter<BucketStatus, BucketStatusWire>
{
    public BucketStatus ConvertFromSurrogate(in BucketStatusWire surrogate) => new(
        surrogate.Bucket, new(surrogate.Interval, surrogate.Burst), surrogate.Level, [.. surrogate.Edges.Zip(surrogate.Tokens, (edge, tokens) => new BucketLease(edge, tokens))], surrogate.Refused);

    public BucketStatusWire ConvertToSurrogate(in BucketStatus value) => new()
    {
        Bucket = value.Bucket, Interval = value.Rule.Interval, Burst = value.Rule.Burst, Level = value.Level, Edges = [.. value.Leases.Select(l => l.Edge)], Tokens = [.. value.Leases.Select(l => l.Tokens)],
        Refused = value.Refused,
    };
}

[GenerateSerializer, Alias("drizzle.bucket-query")]
public struct BucketQueryWire
{
    [Id(0)]
    public string Scope;

    [Id(1)]
    public string? Limit;

    [Id(2)]
    public string? Subject;

    [Id(3)]
    public int Most;
}

[RegisterConverter]
public sealed class BucketQueryConverter : IConverter<BucketQuery, BucketQueryWire>
{
    public BucketQuery ConvertFromSurrogate(in BucketQueryWire surrogate) => new(surrogate.Scope, surrogate.Limit, surrogate.Subject, surrogate.Most);

    public BucketQueryWire ConvertToSurrogate(in BucketQuery value) => new() { Scope = value.Scope, Limit = value.Limit, Subject = value.Subject, Most = value.Most };
}
