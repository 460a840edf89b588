using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>Edges of all processes.</summary>
internal sealed class PostgresEdgeRegistry(PostgresDatabase database, Signal commits, TimeProvider clock) : IEdgeRegistry, IAsyncDisposable
{
    private readonly Signal _news = new();
    private readonly Lock _starting = new();
    private NotificationListener? _listener;

    public async ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        var json = JsonSerializer.Serialize(StoredReport.Of(report), StoredReportJson.Default.StoredReport);
        var position = await database.RunAsync(
            async c => (await c.QueryAsync(
                "SELECT epoch, revision FROM drizzle.report_edge($1, $2, $3)", PostgresConfigStore.ReadPosition, cancellation, Text(report.Id), Json(json), Now(clock))).Single(),
            cancellation);
        // A notification may be lost; the answer to a heartbeat is not.
        if (position != report.Applied) commits.Raise();
        return position;
    }

    public async ValueTask<bool> ForgetAsync(string id, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync("SELECT drizzle.forget_edge($1)", r => r.GetBoolean(0), cancellation, Text(id)), cancellation))[0];

    public async ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) =>
        (await database.ReadAsync(
            c => c.QueryAsync(
                """
                SELECT id, report::text, seen_at, now.at - seen_at, applied_at, coalesce(now.at - disputed_at <= interval '15 seconds', false)
                FROM drizzle.edges, (SELECT coalesce($1, clock_timestamp()) AS at) now ORDER BY id
                """,
                r => new EdgeStatus(Read(r.GetString(0), r.GetString(1)), r.GetFieldValue<DateTimeOffset>(2), r.GetFieldValue<TimeSpan>(3), r.GetFieldValue<DateTimeOffset>(4), r.GetBoolean(5)),
                cancellation, Now(clock)),
            cancellation)).FindAll(e => e.IsListed);

    /// <summary>Only who follows is told of news; edges, which do not, would otherwise all hear of each other.</summary>
    public IAsyncEnumerable<IReadOnlyList<EdgeStatus>> WatchAsync(CancellationToken cancellation)
    {
        lock (_starting) _listener ??= new NotificationListener(database, "drizzle_edges", _news, clock);
        return _news.FollowAsync(ListAsync, cancellation);
    }

    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static EdgeReport Read(string id, string json) =>
        JsonSerializer.Deserialize(json, StoredReportJson.Default.StoredReport)?.ToReport(id) ?? throw new EngineException("An edge's stored report is empty.");
}

internal sealed record StoredReport(string Version, string Address, DateTimeOffset StartedAt, string Epoch, long Revision, RefusedRevision[] Refused, TimeSpan? MaxStaleness)
{
    public static StoredReport Of(EdgeReport report) => new(report.Version, report.Address, report.StartedAt, report.Applied.Epoch, report.Applied.Revision, [.. report.Refused], report.MaxStaleness);

    public EdgeReport ToReport(string id) => new(id, Version, Address, StartedAt, new ConfigPosition(Epoch, Revision), [.. Refused], MaxStaleness);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredReport))]
internal sealed partial class StoredReportJson : JsonSerializerContext;
