using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>The buckets in the database, for whoever administers them.</summary>
internal sealed class PostgresLiveBuckets(PostgresDatabase database, TimeProvider clock) : ILiveBuckets
{
    // Grants are five numbers each: the grant, a hash of the edge, its tokens, those of them still outstanding, and from when on the edge can use it no more.
    private const string Query =
        """
        WITH now AS (SELECT coalesce($1, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint) AS ns),
        found AS (
          SELECT b.*, now.ns,
            CASE WHEN b.at > now.ns THEN 0 ELSE least(b.credit + now.ns - b.at, drizzle.room_of(b.grants, b.burst, b.interval_ns, now.ns)) / b.interval_ns END AS level,
            coalesce((SELECT sum(r.refused) FROM drizzle.bucket_refusals r WHERE r.id = b.id AND r.part > now.ns / 10000000000 - 6), 0)::bigint AS refused
          FROM drizzle.buckets b, now
          WHERE b.name LIKE $2 AND ($3 IS NULL OR b.name = $3) AND ($4 IS NULL OR b.subject = $4))
        SELECT name, subject, interval_ns, burst, level, refused, leases.edges, leases.tokens
        FROM found
        CROSS JOIN LATERAL (
          SELECT coalesce(array_agg(l.edge ORDER BY l.edge), '{}') AS edges, coalesce(array_agg(l.tokens ORDER BY l.edge), '{}') AS tokens
          FROM (
            SELECT coalesce(e.id, 'edge ' || to_hex(grants[i + 1])) AS edge, sum(grants[i + 3])::bigint AS tokens
            FROM generate_series(1, cardinality(grants), 5) i LEFT JOIN drizzle.edges e ON hashtextextended(e.id, 0) = grants[i + 1]
            WHERE grants[i + 4] > ns AND grants[i + 3] > 0 GROUP BY 1) l) leases
        ORDER BY refused DESC, level::float8 / burst, name, subject LIMIT $5
        """;

    public async ValueTask<IReadOnlyList<BucketStatus>> ListAsync(BucketQuery query, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            Query, Read, cancellation, Nanoseconds(clock), Text(query.Scope + "/%"), Text(query.FullName), Text(query.Subject),
            Number(query.Most)),
        cancellation);

    public async ValueTask<long?> FillAsync(BucketId bucket, long? tokens, AuditRecord audit, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync(
            "SELECT drizzle.fill_bucket($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", r => r.IsDBNull(0) ? (long?)null : r.GetInt64(0), cancellation,
            Bytes(PostgresBucketOwner.IdOf(bucket)), NumberOrNull(tokens), Nanoseconds(clock), Now(clock), Text(audit.Scope), Text(audit.Actor), Text(audit.Address), Text(audit.Action), Text(audit.Subject), Text(audit.Reason)),
        cancellation))[0];

    private static BucketStatus Read(NpgsqlDataReader r)
    {
        var leases = r.GetFieldValue<string[]>(6).Zip(r.GetFieldValue<long[]>(7), (edge, tokens) => new BucketLease(edge, tokens));
        return new(new(r.GetString(0), r.GetString(1)), new(r.GetInt64(2), r.GetInt64(3)), r.GetInt64(4), [.. leases], r.GetInt64(5));
    }
}
