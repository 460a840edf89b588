using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Dapper;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteConfigStore(SqliteDatabase database, CommitSignal commits, TimeProvider clock) : IConfigStore
{
    private const string PlatformScope = "";

    public ValueTask<ConfigPosition> PositionAsync(CancellationToken cancellation) =>
        new(database.Read(ReadPosition));

    public ValueTask<StoredTenant?> ReadTenantAsync(string slug, CancellationToken cancellation) =>
        new(database.Read(c => ReadRow(c, slug)) is { } row ? new StoredTenant(row.Revision, StoredDocument.ReadTenant(row.Body, slug)) : null);

    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellation) =>
        new(database.Read(c => c.Query<string>("SELECT scope FROM documents WHERE body IS NOT NULL AND scope <> '' ORDER BY scope").AsList()));

    public ValueTask<StoredPlatform> ReadPlatformAsync(CancellationToken cancellation) =>
        new(database.Read(c => ReadRow(c, PlatformScope)) is { } row
            ? new StoredPlatform(row.Revision, StoredDocument.ReadPlatform(row.Body))
            : new StoredPlatform(0, new Platform()));

    public ValueTask<WriteOutcome> WriteTenantAsync(string slug, long expected, TenantDocument? document, ChangeAuthor author, CancellationToken cancellation)
    {
        var body = document is null ? null : JsonSerializer.Serialize(document, ModelJson.Default.TenantDocument);
        return WriteAsync(slug, expected, body, document is null ? [] : document.Tenant.Hosts, author, cancellation);
    }

    public ValueTask<WriteOutcome> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author, CancellationToken cancellation) =>
        WriteAsync(PlatformScope, expected, JsonSerializer.Serialize(platform, ModelJson.Default.Platform), [], author, cancellation);

    public ValueTask<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(string? scope, int most, CancellationToken cancellation) =>
        new(database.Read(c => c.Query<(long Revision, string Scope, bool IsDeletion, string Actor, string At, string? Reason)>(
                "SELECT revision, scope, body IS NULL, actor, at, reason FROM revisions WHERE @scope IS NULL OR scope = @scope ORDER BY revision DESC LIMIT @most",
                new { scope, most })
            .Select(r => new RevisionEntry(r.Revision, r.Scope, r.IsDeletion, r.Actor, DateTimeOffset.Parse(r.At, CultureInfo.InvariantCulture), r.Reason))
            .ToList()));

    internal static ConfigPosition ReadPosition(SqliteConnection connection) =>
        new(connection.ExecuteScalar<string>("SELECT epoch FROM lineage") ?? "", connection.ExecuteScalar<long>("SELECT COALESCE(MAX(revision), 0) FROM documents"));

    private async ValueTask<WriteOutcome> WriteAsync(string scope, long expected, string? body, IReadOnlyList<string> hosts, ChangeAuthor author, CancellationToken cancellation)
    {
        var outcome = await database.WriteAsync<WriteOutcome>((connection, transaction) =>
        {
            var actual = connection.ExecuteScalar<long?>("SELECT revision FROM documents WHERE scope = @scope AND body IS NOT NULL", new { scope }, transaction) ?? 0;
            if (actual != expected) return new WriteOutcome.Stale(actual);
            foreach (var host in hosts)
            {
                var owner = connection.ExecuteScalar<string?>("SELECT scope FROM hosts WHERE host = @host", new { host }, transaction);
                if (owner is not null && owner != scope) return new WriteOutcome.HostTaken(host);
            }
            var revision = connection.ExecuteScalar<long>(
                "INSERT INTO revisions (scope, body, actor, reason, at) VALUES (@scope, @packed, @actor, @reason, @at) RETURNING revision",
                new { scope, packed = Pack(body), actor = author.Actor, reason = author.Reason, at = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) }, transaction);
            connection.Execute("INSERT INTO documents (scope, revision, body) VALUES (@scope, @revision, @body) ON CONFLICT (scope) DO UPDATE SET revision = excluded.revision, body = excluded.body", new { scope, revision, body }, transaction);
            connection.Execute("DELETE FROM hosts WHERE scope = @scope", new { scope }, transaction);
            foreach (var host in hosts) connection.Execute("INSERT INTO hosts (host, scope) VALUES (@host, @scope)", new { host, scope }, transaction);
            return new WriteOutcome.Written(revision);
        }, cancellation);
        if (outcome is WriteOutcome.Written) commits.Raise();
        return outcome;
    }

    private static Row? ReadRow(SqliteConnection connection, string scope) =>
        connection.QuerySingleOrDefault<Row>($"SELECT revision, {StoredDocument.Column} FROM documents WHERE scope = @scope AND body IS NOT NULL", new { scope });

    private static byte[]? Pack(string? body)
    {
        if (body is null) return null;
        var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(Encoding.UTF8.GetBytes(body));
        return packed.ToArray();
    }

    private sealed record Row(long Revision, string Body);
}
