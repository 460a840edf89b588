using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresConfigStore(PostgresDatabase database, TimeProvider clock) : IConfigStore
{
    private const string PlatformScope = "";

    private sealed record Row(long Revision, string Body);

    public ValueTask<ConfigPosition> PositionAsync(CancellationToken cancellation) =>
        database.ReadAsync(async c => (await c.QueryAsync("SELECT epoch, revision FROM drizzle.position", ReadPosition, cancellation)).Single(), cancellation);

    public async ValueTask<StoredTenant?> ReadTenantAsync(string slug, CancellationToken cancellation) =>
        await ReadRowAsync(slug, cancellation) is { } row ? new StoredTenant(row.Revision, StoredDocument.ReadTenant(row.Body, slug)) : null;

    public async ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellation) =>
        await database.ReadAsync(c => c.QueryAsync("SELECT scope FROM drizzle.documents WHERE body IS NOT NULL AND scope <> '' ORDER BY scope", r => r.GetString(0), cancellation), cancellation);

    public ValueTask<string?> FindOwnerAsync(IReadOnlyList<string> hosts, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync("SELECT scope FROM drizzle.hosts WHERE host = ANY ($1) ORDER BY array_position($1, host) LIMIT 1", r => r.GetString(0), cancellation, Texts(hosts))).SingleOrDefault(),
        cancellation);

    public async ValueTask<StoredPlatform> ReadPlatformAsync(CancellationToken cancellation) =>
        await ReadRowAsync(PlatformScope, cancellation) is { } row ? new StoredPlatform(row.Revision, StoredDocument.ReadPlatform(row.Body)) : new StoredPlatform(0, new Platform());

    public ValueTask<WriteOutcome> WriteTenantAsync(string slug, long expected, TenantDocument? document, ChangeAuthor author, CancellationToken cancellation)
    {
        var body = document is null ? null : JsonSerializer.Serialize(document, ModelJson.Default.TenantDocument);
        return WriteAsync(slug, expected, body, document is null ? [] : document.Tenant.Hosts, author, cancellation);
    }

    public ValueTask<WriteOutcome> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author, CancellationToken cancellation) =>
        WriteAsync(PlatformScope, expected, JsonSerializer.Serialize(platform, ModelJson.Default.Platform), [], author, cancellation);

    public async ValueTask<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(string? scope, long before, int most, CancellationToken cancellation) =>
        await database.ReadAsync(
            c => c.QueryAsync(
                """
                SELECT revision, scope, body IS NULL, actor, address, at, reason FROM drizzle.revisions
                WHERE ($1 IS NULL OR scope = $1) AND revision < $2 ORDER BY revision DESC LIMIT $3
                """,
                r => new RevisionEntry(r.GetInt64(0), r.GetString(1), r.GetBoolean(2), r.GetString(3), r.TextOrNull(4), r.GetFieldValue<DateTimeOffset>(5), r.TextOrNull(6)),
                cancellation, Text(scope), Number(before), Number(most)),
            cancellation);

    public async ValueTask<StoredTenant?> ReadTenantAtAsync(string slug, long revision, CancellationToken cancellation) =>
        await ReadRowAtAsync(slug, revision, cancellation) is { } row ? new StoredTenant(row.Revision, StoredDocument.ReadTenant(row.Body, slug)) : null;

    public async ValueTask<StoredPlatform> ReadPlatformAtAsync(long revision, CancellationToken cancellation) =>
        await ReadRowAtAsync(PlatformScope, revision, cancellation) is { } row ? new StoredPlatform(row.Revision, StoredDocument.ReadPlatform(row.Body)) : new StoredPlatform(0, new Platform());

    public async ValueTask<long> ForgetRevisionsAsync(DateTimeOffset supersededBefore, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync("SELECT drizzle.forget_revisions($1)", r => r.GetInt64(0), cancellation, Time(supersededBefore)), cancellation))[0];

    public async ValueTask<ConfigBatch> ReadSinceAsync(ConfigPosition since, CancellationToken cancellation)
    {
        var (position, rows) = await database.ReadAsync(c => ReadRowsSinceAsync(c, since, cancellation), cancellation);
        return new ConfigBatch(position, since.Epoch != position.Epoch || since.Revision > position.Revision, StoredChanges.Of(rows));
    }

    public static ConfigPosition ReadPosition(NpgsqlDataReader reader) => new(reader.GetString(0), reader.GetInt64(1));

    /// <summary>One statement, and so one state of the database.</summary>
    private static async Task<(ConfigPosition Position, List<DocumentRow> Rows)> ReadRowsSinceAsync(NpgsqlConnection connection, ConfigPosition since, CancellationToken cancellation)
    {
        var position = since;
        var rows = await connection.QueryAsync(
            """
            SELECT p.epoch, p.revision, d.scope, d.revision, d.body::text
            FROM (SELECT epoch, revision, epoch <> $1 OR $2 > revision AS is_whole FROM drizzle.position) p
            LEFT JOIN LATERAL (
              SELECT * FROM drizzle.documents c WHERE NOT p.is_whole AND c.revision > $2
              UNION ALL
              SELECT * FROM drizzle.documents c WHERE p.is_whole AND c.body IS NOT NULL) d ON true
            ORDER BY d.revision
            """,
            r =>
            {
                position = ReadPosition(r);
                return r.IsDBNull(2) ? default : new DocumentRow(r.GetString(2), r.GetInt64(3), r.TextOrNull(4));
            },
            cancellation, Text(since.Epoch), Number(since.Revision));
        // One row without a document says that there is none to tell of.
        rows.RemoveAll(row => row.Scope is null);
        return (position, rows);
    }

    private ValueTask<WriteOutcome> WriteAsync(string scope, long expected, string? body, IReadOnlyList<string> hosts, ChangeAuthor author, CancellationToken cancellation) => database.RunAsync(
        async connection => (await connection.QueryAsync(
            "SELECT written, actual, taken FROM drizzle.write_document($1, $2, $3, $4, $5, $6, $7, $8)", ReadOutcome, cancellation,
            Text(scope), Number(expected), Json(body), Texts(hosts), Text(author.Actor), Text(author.Address), Text(author.Reason), Now(clock))).Single(),
        cancellation);

    private static WriteOutcome ReadOutcome(NpgsqlDataReader reader) =>
        !reader.IsDBNull(0) ? new WriteOutcome.Written(reader.GetInt64(0))
        : !reader.IsDBNull(1) ? new WriteOutcome.Stale(reader.GetInt64(1))
        : new WriteOutcome.HostTaken(reader.GetString(2));

    private ValueTask<Row?> ReadRowAsync(string scope, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync("SELECT revision, body::text FROM drizzle.documents WHERE scope = $1 AND body IS NOT NULL", r => new Row(r.GetInt64(0), r.GetString(1)), cancellation, Text(scope))).SingleOrDefault(),
        cancellation);

    /// <returns>Null where there was none then, or it was deleted.</returns>
    private ValueTask<Row?> ReadRowAtAsync(string scope, long revision, CancellationToken cancellation) => database.ReadAsync(
        async c => (await c.QueryAsync(
            "SELECT revision, body::text FROM drizzle.revisions WHERE scope = $1 AND revision <= $2 ORDER BY revision DESC LIMIT 1",
            r => r.IsDBNull(1) ? null : new Row(r.GetInt64(0), r.GetString(1)), cancellation, Text(scope), Number(revision))).SingleOrDefault(),
        cancellation);
}
