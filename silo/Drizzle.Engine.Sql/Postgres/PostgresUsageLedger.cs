using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Usage;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresUsageLedger(PostgresDatabase database, TimeProvider clock) : IUsageLedger
{
    public async ValueTask<bool> AddAsync(UsageBatch batch, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync(
            "SELECT drizzle.add_usage($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)", r => r.GetBoolean(0), cancellation,
            Identifier(batch.Id), Text(batch.Edge), Now(clock), Texts(batch.Entries.Select(e => e.Key.Tenant)), Array(NpgsqlDbType.Date, batch.Entries.Select(e => e.Key.Day)),
            Texts(batch.Entries.Select(e => e.Key.Consumer)), Texts(batch.Entries.Select(e => e.Key.Service)), Texts(batch.Entries.Select(e => e.Key.Route)),
            Numbers(batch.Entries.Select(e => e.Counts.Requests)), Numbers(batch.Entries.Select(e => e.Counts.Refused)), Numbers(batch.Entries.Select(e => e.Counts.Errors)),
            Numbers(batch.Entries.Select(e => e.Counts.BytesIn)), Numbers(batch.Entries.Select(e => e.Counts.BytesOut)), Numbers(batch.Entries.Select(e => e.Counts.UpstreamMicroseconds))),
        cancellation))[0];

    public async ValueTask<IReadOnlyList<UsageRow>> ListAsync(UsageQuery query, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            """
            SELECT CASE WHEN $7 THEN day END AS d, CASE WHEN $8 THEN consumer END AS c, CASE WHEN $9 THEN service END AS s, CASE WHEN $10 THEN route END AS r,
              sum(requests)::bigint, sum(refused)::bigint, sum(errors)::bigint, least(sum(bytes_in), 4000000000000000000)::bigint, least(sum(bytes_out), 4000000000000000000)::bigint, sum(upstream_us)::bigint
            FROM drizzle.usage
            WHERE tenant = $1 AND day BETWEEN $2 AND $3 AND ($4 IS NULL OR consumer = $4) AND ($5 IS NULL OR service = $5) AND ($6 IS NULL OR route = $6)
            GROUP BY d, c, s, r ORDER BY d DESC, c, s, r LIMIT $11
            """,
            r => new UsageRow(
                r.IsDBNull(0) ? null : r.GetFieldValue<DateOnly>(0), r.TextOrNull(1), r.TextOrNull(2), r.TextOrNull(3),
                new(r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8), r.GetInt64(9))),
            cancellation, Text(query.Tenant), Day(query.From), Day(query.To), Text(query.Consumer), Text(query.Service), Text(query.Route), Flag(query.ByDay), Flag(query.ByConsumer), Flag(query.ByService),
            Flag(query.ByRoute), Number(query.Most)),
        cancellation);

    public async ValueTask<long> ForgetAsync(DateOnly before, CancellationToken cancellation) => await database.RunAsync(
        async c =>
        {
            await c.ExecuteAsync("DELETE FROM drizzle.usage_batches WHERE at < coalesce($1, clock_timestamp()) - interval '31 days'", cancellation, Now(clock));
            return await c.ExecuteAsync("DELETE FROM drizzle.usage WHERE day < $1", cancellation, Day(before));
        },
        cancellation);
}
