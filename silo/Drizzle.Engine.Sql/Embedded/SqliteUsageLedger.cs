using System.Globalization;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteUsageLedger(SqliteDatabase database, TimeProvider clock) : IUsageLedger
{
    public ValueTask<bool> AddAsync(UsageBatch batch, CancellationToken cancellation) => database.WriteAsync(
        (c, t) =>
        {
            var isNew = c.Execute(
                "INSERT INTO usage_batches (id, edge, at) VALUES (@id, @edge, @at) ON CONFLICT DO NOTHING", t, ("@id", batch.Id.ToString("N")), ("@edge", batch.Edge), ("@at", clock.GetUtcNow().ToText())) == 1;
            if (!isNew) return false;
            foreach (var entry in batch.Entries) Add(c, t, entry);
            return true;
        },
        cancellation);

    public ValueTask<IReadOnlyList<UsageRow>> ListAsync(UsageQuery query, CancellationToken cancellation) => new(database.Read(c => c.Query(
        """
        SELECT CASE WHEN @byDay THEN day END AS d, CASE WHEN @byConsumer THEN consumer END AS c, CASE WHEN @byService THEN service END AS s, CASE WHEN @byRoute THEN route END AS r,
          sum(requests), sum(refused), sum(errors), CAST(min(total(bytes_in), 4e18) AS INTEGER), CAST(min(total(bytes_out), 4e18) AS INTEGER), sum(upstream_us)
        FROM usage
        WHERE tenant = @tenant AND day BETWEEN @from AND @to AND (@consumer IS NULL OR consumer = @consumer) AND (@service IS NULL OR service = @service) AND (@route IS NULL OR route = @route)
        GROUP BY d, c, s, r ORDER BY d DESC, c, s, r LIMIT @most
        """,
        r => new UsageRow(
            r.IsDBNull(0) ? null : DateOnly.ParseExact(r.GetString(0), "O", CultureInfo.InvariantCulture), r.TextOrNull(1), r.TextOrNull(2), r.TextOrNull(3),
            new(r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), r.GetInt64(9))),
        null, ("@tenant", query.Tenant), ("@from", Text(query.From)), ("@to", Text(query.To)), ("@consumer", query.Consumer), ("@service", query.Service), ("@route", query.Route),
        ("@byDay", query.ByDay), ("@byConsumer", query.ByConsumer), ("@byService", query.ByService), ("@byRoute", query.ByRoute), ("@most", query.Most))));

    public async ValueTask<long> ForgetAsync(DateOnly before, CancellationToken cancellation) => await database.WriteAsync(
        (c, t) =>
        {
            c.Execute("DELETE FROM usage_batches WHERE at < @at", t, ("@at", clock.GetUtcNow().AddDays(-31).ToText()));
            return c.Execute("DELETE FROM usage WHERE day < @day", t, ("@day", Text(before)));
        },
        cancellation);

    /// <summary>What comes of a tenant that was deleted meanwhile is nobody's.</summary>
    private static void Add(SqliteConnection c, SqliteTransaction t, UsageEntry entry) => c.Execute(
        """
        INSERT INTO usage (tenant, day, consumer, service, route, requests, refused, errors, bytes_in, bytes_out, upstream_us)
        SELECT @tenant, @day, @consumer, @service, @route, @requests, @refused, @errors, @in, @out, @upstream WHERE EXISTS (SELECT 1 FROM documents WHERE scope = @tenant AND body IS NOT NULL)
        ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, refused = refused + excluded.refused, errors = errors + excluded.errors, bytes_in = min(bytes_in + excluded.bytes_in, 4000000000000000000),
          bytes_out = min(bytes_out + excluded.bytes_out, 4000000000000000000), upstream_us = upstream_us + excluded.upstream_us
        """, t,
        ("@tenant", entry.Key.Tenant), ("@day", Text(entry.Key.Day)), ("@consumer", entry.Key.Consumer), ("@service", entry.Key.Service), ("@route", entry.Key.Route),
        ("@requests", entry.Counts.Requests), ("@refused", entry.Counts.Refused), ("@errors", entry.Counts.Errors), ("@in", entry.Counts.BytesIn), ("@out", entry.Counts.BytesOut),
        ("@upstream", entry.Counts.UpstreamMicroseconds));

    private static string Text(DateOnly day) => day.ToString("O", CultureInfo.InvariantCulture);
}
