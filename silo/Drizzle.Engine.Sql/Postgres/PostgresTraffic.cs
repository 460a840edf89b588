using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Npgsql;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>What the edges of all processes see.</summary>
internal sealed class PostgresTraffic(PostgresDatabase database, TimeProvider clock) : ITraffic
{
    /// <param name="Route">Empty for what is said of a service.</param>
    private readonly record struct Row(string Tenant, string Service, string Route, string State);

    public async ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation)
    {
        Row[] rows = [.. report.Tenants.SelectMany(RowsOf)];
        await database.RunAsync(
            c => c.ExecuteAsync(
                "SELECT drizzle.report_traffic($1, $2, $3, $4, $5, $6, $7)", cancellation, Now(clock), Text(report.Edge), Time(report.StartedAt), Texts(rows.Select(r => r.Tenant)), Texts(rows.Select(r => r.Service)),
                Texts(rows.Select(r => r.Route)), Array(NpgsqlDbType.Jsonb, rows.Select(r => r.State))),
            cancellation);
    }

    public async ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation)
    {
        var (routes, services) = (new List<Heard<RouteTraffic>>(), new List<Heard<ServiceHealth>>());
        await database.ReadAsync(
            c => c.QueryAsync(
                """
                (SELECT edge, started_at, at, route, state::text FROM drizzle.traffic
                 WHERE tenant = $1 AND route <> '' AND at > coalesce($2, clock_timestamp()) - interval '10 minutes' ORDER BY at DESC LIMIT $3)
                UNION ALL
                SELECT edge, started_at, at, route, state::text FROM drizzle.traffic WHERE tenant = $1 AND route = '' AND at > coalesce($2, clock_timestamp()) - interval '10 minutes'
                """,
                r =>
                {
                    if (r.GetString(3).Length > 0) routes.Add(Read(r, TrafficJson.Default.RouteTraffic));
                    else services.Add(Read(r, TrafficJson.Default.ServiceHealth));
                    return true;
                },
                cancellation, Text(tenant), Now(clock), Number(KnownTraffic.Most)),
            cancellation);
        return new(routes, services);
    }

    /// <summary>What is said of a tenant that is not there the database leaves out by itself.</summary>
    public async ValueTask ForgetAsync(string tenant, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("SELECT drizzle.forget_traffic($1, $2)", cancellation, Now(clock), Text(tenant)), cancellation);

    private static IEnumerable<Row> RowsOf(TenantTraffic tenant) =>
    [
        .. tenant.Routes.Select(r => new Row(tenant.Tenant, r.Service, r.Route, JsonSerializer.Serialize(r, TrafficJson.Default.RouteTraffic))),
        .. tenant.Services.Select(s => new Row(tenant.Tenant, s.Service, "", JsonSerializer.Serialize(s, TrafficJson.Default.ServiceHealth))),
    ];

    private static Heard<T> Read<T>(NpgsqlDataReader r, JsonTypeInfo<T> type) => new(
        r.GetString(0), r.GetFieldValue<DateTimeOffset>(1), r.GetFieldValue<DateTimeOffset>(2),
        JsonSerializer.Deserialize(r.GetString(4), type) ?? throw new EngineException("What an edge said of its traffic is empty."));
}
