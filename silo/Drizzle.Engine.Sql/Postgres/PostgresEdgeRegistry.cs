using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>Edges of all processes. One that has not been heard of for a minute is not listed, and after an hour forgotten.</summary>
internal sealed class PostgresEdgeRegistry(PostgresDatabase database, CommitSignal commits, TimeProvider clock) : IEdgeRegistry
{
    public async ValueTask<ConfigPosition> ReportAsync(EdgeReport report, CancellationToken cancellation)
    {
        var position = await database.RunAsync(
            async c => (await c.QueryAsync(
                """
                WITH
                  said AS (INSERT INTO drizzle.edges (id, report, seen_at) VALUES ($1, $2, coalesce($3, clock_timestamp()))
                    ON CONFLICT (id) DO UPDATE SET report = excluded.report, seen_at = excluded.seen_at),
                  gone AS (DELETE FROM drizzle.edges WHERE id <> $1 AND seen_at < coalesce($3, clock_timestamp()) - interval '1 hour')
                SELECT epoch, revision FROM drizzle.position
                """,
                PostgresConfigStore.ReadPosition, cancellation, Text(report.Id), Json(JsonSerializer.Serialize(StoredReport.Of(report), StoredReportJson.Default.StoredReport)), Now(clock))).Single(),
            cancellation);
        // A notification may be lost; the answer to a heartbeat is not.
        if (position != report.Applied) commits.Raise();
        return position;
    }

    public async ValueTask<IReadOnlyList<EdgeStatus>> ListAsync(CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            "SELECT id, report::text, seen_at FROM drizzle.edges WHERE seen_at >= coalesce($1, clock_timestamp()) - interval '1 minute' ORDER BY id",
            r => new EdgeStatus(Read(r.GetString(0), r.GetString(1)), r.GetFieldValue<DateTimeOffset>(2)),
            cancellation, Now(clock)),
        cancellation);

    private static EdgeReport Read(string id, string json) =>
        JsonSerializer.Deserialize(json, StoredReportJson.Default.StoredReport)?.ToReport(id) ?? throw new EngineException("An edge's stored report is empty.");
}

internal sealed record StoredReport(string Version, string Address, DateTimeOffset StartedAt, string Epoch, long Revision, RefusedRevision[] Refused)
{
    public static StoredReport Of(EdgeReport report) => new(report.Version, report.Address, report.StartedAt, report.Applied.Epoch, report.Applied.Revision, [.. report.Refused]);

    public EdgeReport ToReport(string id) => new(id, Version, Address, StartedAt, new ConfigPosition(Epoch, Revision), [.. Refused]);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredReport))]
internal sealed partial class StoredReportJson : JsonSerializerContext;
