using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>What one silo answers to a batch.</summary>
[GenerateSerializer, Alias("drizzle.desk-answers")]
public sealed class DeskAnswers
{
    /// <summary>As many as there were requests, in their order.</summary>
    [Id(0)]
    public LeaseAnswer[] Answers { get; init; } = [];

    /// <summary>Which requests are about buckets that are not of this silo, by their place; nothing was done about these.</summary>
    [Id(1)]
    public int[] Elsewhere { get; init; } = [];

    /// <summary>How many edges are known to run.</summary>
    [Id(2)]
    public int Edges { get; init; } = 1;
}

/// <summary>Where shards are.</summary>
[GenerateSerializer, Alias("drizzle.found-shards")]
public sealed class FoundShards
{
    /// <summary>The silo of each, in the order in which they were asked for; null for one that could not be found in time.</summary>
    [Id(0)]
    public string?[] Silos { get; init; } = [];

    /// <summary>How many edges are known to run.</summary>
    [Id(1)]
    public int Edges { get; init; } = 1;
}

/// <summary>How often a bucket has refused since it was noted last.</summary>
[GenerateSerializer, Alias("drizzle.noted-refusal")]
public readonly record struct NotedRefusal([property: Id(0)] BucketId Bucket, [property: Id(1)] long Refused);

/// <summary>What came of filling a bucket.</summary>
/// <param name="IsHere">Whether its shard is of this silo.</param>
/// <param name="Level">Tokens after that; null for a bucket that is not known, and so is full.</param>
[GenerateSerializer, Alias("drizzle.filled-bucket")]
public readonly record struct FilledBucket([property: Id(0)] bool IsHere, [property: Id(1)] long? Level);

[GenerateSerializer, Alias("drizzle.bucket-id")]
public struct BucketIdWire
{
    [Id(0)]
    public string Limit;

    [Id(1)]
    public string Subject;
}

[RegisterConverter]
public sealed class BucketIdConverter : IConverter<BucketId, BucketIdWire>
{
    public BucketId ConvertFromSurrogate(in BucketIdWire surrogate) => new(surrogate.Limit, surrogate.Subject);

    public BucketIdWire ConvertToSurrogate(in BucketId value) => new() { Limit = value.Limit, Subject = value.Subject };
}

[GenerateSerializer, Alias("drizzle.grant-report")]
public struct GrantReportWire
{
    [Id(0)]
    public long Epoch;

    [Id(1)]
    public long Number;

    [Id(2)]
    public long Spent;

    [Id(3)]
    public bool IsFinal;
}

[RegisterConverter]
public sealed class GrantReportConverter : IConverter<GrantReport, GrantReportWire>
{
    public GrantReport ConvertFromSurrogate(in GrantReportWire surrogate) => new(new(surrogate.Epoch, surrogate.Number), surrogate.Spent, surrogate.IsFinal);

    public GrantReportWire ConvertToSurrogate(in GrantReport value) => new() { Epoch = value.Grant.Epoch, Number = value.Grant.Number, Spent = value.Spent, IsFinal = value.IsFinal };
}

[GenerateSerializer, Alias("drizzle.lease-request")]
public struct LeaseRequestWire
{
    [Id(0)]
    public BucketId Bucket;

    [Id(1)]
    public long Interval;

    [Id(2)]
    public long Burst;

    [Id(3)]
    public long Revision;

    [Id(4)]
    public long Need;

    [Id(5)]
    public long Want;

    [Id(6)]
    public GrantReport[] Reports;
}

[RegisterConverter]
public sealed class LeaseRequestConverter : IConverter<LeaseRequest, LeaseRequestWire>
{
    public LeaseRequest ConvertFromSurrogate(in LeaseRequestWire surrogate) => new(
        surrogate.Bucket, new(surrogate.Interval, surrogate.Burst), surrogate.Revision, new(surrogate.Need, surrogate.Want), surrogate.Reports ?? []);

    public LeaseRequestWire ConvertToSurrogate(in LeaseRequest value) => new()
    {
        Bucket = value.Bucket, Interval = value.Rule.Interval, Burst = value.Rule.Burst, Revision = value.Revision, Need = value.Ask.Need, Want = value.Ask.Want, Reports = [.. value.Reports],
    };
}

[GenerateSerializer, Alias("drizzle.lease-answer")]
public struct LeaseAnswerWire
{
    [Id(0)]
    public long Epoch;

    [Id(1)]
    public long Number;

    [Id(2)]
    public long Granted;

    [Id(3)]
    public long Level;

    [Id(4)]
    public long RetryAfter;
}

[RegisterConverter]
public sealed class LeaseAnswerConverter : IConverter<LeaseAnswer, LeaseAnswerWire>
{
    public LeaseAnswer ConvertFromSurrogate(in LeaseAnswerWire surrogate) => new(new(surrogate.Epoch, surrogate.Number), surrogate.Granted, surrogate.Level, surrogate.RetryAfter);

    public LeaseAnswerWire ConvertToSurrogate(in LeaseAnswer value) => new()
    {
        Epoch = value.Grant.Epoch, Number = value.Grant.Number, Granted = value.Granted, Level = value.Level, RetryAfter = value.RetryAfter,
    };
}
