using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;

namespace Drizzle.Engine.Orleans;

[GenerateSerializer, Alias("drizzle.refused-revision")]
public struct RefusedRevisionWire
{
    [Id(0)]
    public long Revision;

    [Id(1)]
    public string Scope;

    [Id(2)]
    public string Reason;
}

[GenerateSerializer, Alias("drizzle.edge-report")]
public struct EdgeReportWire
{
    [Id(0)]
    public string Id;

    [Id(1)]
    public string Version;

    [Id(2)]
    public string Address;

    [Id(3)]
    public DateTimeOffset StartedAt;

    [Id(4)]
    public ConfigPosition Applied;

    [Id(5)]
    public RefusedRevisionWire[] Refused;

    [Id(6)]
    public TimeSpan? MaxStaleness;
}

[RegisterConverter]
public sealed class EdgeReportConverter : IConverter<EdgeReport, EdgeReportWire>
{
    public EdgeReport ConvertFromSurrogate(in EdgeReportWire surrogate) => new(
        surrogate.Id, surrogate.Version, surrogate.Address, surrogate.StartedAt, surrogate.Applied, [.. surrogate.Refused.Select(r => new RefusedRevision(r.Revision, r.Scope, r.Reason))], surrogate.MaxStaleness);

    public EdgeReportWire ConvertToSurrogate(in EdgeReport value) => new()
    {
        Id = value.Id, Version = value.Version, Address = value.Address, StartedAt = value.StartedAt, Applied = value.Applied, MaxStaleness = value.MaxStaleness,
        Refused = [.. value.Refused.Select(r => new RefusedRevisionWire { Revision = r.Revision, Scope = r.Scope, Reason = r.Reason })],
    };
}

[GenerateSerializer, Alias("drizzle.quota-ask")]
public struct QuotaAskWire
{
    [Id(0)]
    public string Holder;

    [Id(1)]
    public string Quota;

    [Id(2)]
    public string Subject;

    [Id(3)]
    public long Window;

    [Id(4)]
    public long Amount;

    [Id(5)]
    public long EndsAt;

    [Id(6)]
    public long Revision;

    [Id(7)]
    public long Sequence;

    [Id(8)]
    public long Kept;

    [Id(9)]
    public long Spent;

    [Id(10)]
    public long Need;

    [Id(11)]
    public long Want;
}

[RegisterConverter]
public sealed class QuotaAskConverter : IConverter<QuotaAsk, QuotaAskWire>
{
    public QuotaAsk ConvertFromSurrogate(in QuotaAskWire surrogate) => new(
        surrogate.Holder, new(surrogate.Quota, surrogate.Subject, surrogate.Window), new(surrogate.Amount, surrogate.EndsAt, surrogate.Revision), surrogate.Sequence, surrogate.Kept, surrogate.Spent,
        surrogate.Need, surrogate.Want);

    public QuotaAskWire ConvertToSurrogate(in QuotaAsk value) => new()
    {
        Holder = value.Holder, Quota = value.Quota.Quota, Subject = value.Quota.Subject, Window = value.Quota.Window, Amount = value.Terms.Amount, EndsAt = value.Terms.EndsAt,
        Revision = value.Terms.Revision, Sequence = value.Sequence, Kept = value.Kept, Spent = value.Spent, Need = value.Need, Want = value.Want,
    };
}

[GenerateSerializer, Alias("drizzle.quota-answers")]
public struct QuotaAnswersWire
{
    [Id(0)]
    public long[] Granted;

    [Id(1)]
    public long[] Left;

    [Id(2)]
    public int Edges;
}

[RegisterConverter]
public sealed class QuotaAnswersConverter : IConverter<QuotaAnswers, QuotaAnswersWire>
{
    public QuotaAnswers ConvertFromSurrogate(in QuotaAnswersWire surrogate) => new([.. surrogate.Granted.Zip(surrogate.Left, (granted, left) => new QuotaAnswer(granted, left))], surrogate.Edges);

    public QuotaAnswersWire ConvertToSurrogate(in QuotaAnswers value) => new() { Granted = [.. value.Answers.Select(a => a.Granted)], Left = [.. value.Answers.Select(a => a.Left)], Edges = value.Edges };
}

[GenerateSerializer, Alias("drizzle.usage-entry")]
public struct UsageEntryWire
{
    [Id(0)]
    public string Tenant;

    [Id(1)]
    public string Consumer;

    [Id(2)]
    public string Service;

    [Id(3)]
    public string Route;

    [Id(4)]
    public DateOnly Day;

    [Id(5)]
    public long Requests;

    [Id(6)]
    public long Refused;

    [Id(7)]
    public long Errors;

    [Id(8)]
    public long BytesIn;

    [Id(9)]
    public long BytesOut;

    [Id(10)]
    public long UpstreamMicroseconds;
}

[GenerateSerializer, Alias("drizzle.usage-batch")]
public struct UsageBatchWire
{
    [Id(0)]
    public Guid Id;

    [Id(1)]
    public string Edge;

    [Id(2)]
    public UsageEntryWire[] Entries;
}

[RegisterConverter]
public sealed class UsageBatchConverter : IConverter<UsageBatch, UsageBatchWire>
{
    public UsageBatch ConvertFromSurrogate(in UsageBatchWire surrogate) => new(surrogate.Id, surrogate.Edge, [.. surrogate.Entries.Select(EntryOf)]);

    public UsageBatchWire ConvertToSurrogate(in UsageBatch value) => new() { Id = value.Id, Edge = value.Edge, Entries = [.. value.Entries.Select(WireOf)] };

    private static UsageEntry EntryOf(UsageEntryWire wire) => new(
        new(wire.Tenant, wire.Consumer, wire.Service, wire.Route, wire.Day), new(wire.Requests, wire.Refused, wire.Errors, wire.BytesIn, wire.BytesOut, wire.UpstreamMicroseconds));

    private static UsageEntryWire WireOf(UsageEntry entry) => new()
    {
        Tenant = entry.Key.Tenant, Consumer = entry.Key.Consumer, Service = entry.Key.Service, Route = entry.Key.Route, Day = entry.Key.Day, Requests = entry.Counts.Requests,
        Refused = entry.Counts.Refused, Errors = entry.Counts.Errors, BytesIn = entry.Counts.BytesIn, BytesOut = entry.Counts.BytesOut, UpstreamMicroseconds = entry.Counts.UpstreamMicroseconds,
    };
}
