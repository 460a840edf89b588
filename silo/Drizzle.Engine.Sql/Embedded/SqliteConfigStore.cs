using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteConfigStore(SqliteDatabase database, Signal commits, TimeProvider clock) : IConfigStore
{
    /// <summary>The body's column. SQLite keeps any type in it, and a row of another must not end the reading of all.</summary>
    internal const string BodyText = "CAST(body AS TEXT) AS body";

    private const string PlatformScope = "";

    public ValueTask<ConfigPosition> PositionAsync(CancellationToken cancellation) =>
        new(database.Read(c => ReadPosition(c, null)));

    public ValueTask<StoredTenant?> ReadTenantAsync(string slug, CancellationToken cancellation) =>
        new(database.Read(c => ReadRow(c, slug)) is { } row ? new StoredTenant(row.Revision, StoredDocument.ReadTenant(row.Body, slug)) : null);

    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellation) =>
        new(database.Read(c => c.Query("SELECT scope FROM documents WHERE body IS NOT NULL AND scope <> '' ORDER BY scope", r => r.GetString(0), null)));

    public ValueTask<string?> FindOwnerAsync(IReadOnlyList<string> hosts, CancellationToken cancellation) =>
        new(database.Read(c => hosts.Select(host => c.Text("SELECT scope FROM hosts WHERE host = @host", null, ("@host", host))).FirstOrDefault(scope => scope is not null)));

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

    public ValueTask<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(string? scope, long before, int most, CancellationToken cancellation) =>
        new(database.Read(c => c.Query(
            """
            SELECT revision, scope, body IS NULL, actor, address, at, reason FROM revisions
            WHERE (@scope IS NULL OR scope = @scope) AND revision < @before ORDER BY revision DESC LIMIT @most
            """,
            r => new RevisionEntry(r.GetInt64(0), r.GetString(1), r.GetBoolean(2), r.GetString(3), r.TextOrNull(4), r.Time(5), r.TextOrNull(6)),
            null, ("@scope", scope), ("@before", before), ("@most", most))));

    public ValueTask<StoredTenant?> ReadTenantAtAsync(string slug, long revision, CancellationToken cancellation) =>
        new(database.Read(c => ReadRowAt(c, slug, revision)) is { } row ? new StoredTenant(row.Revision, StoredDocument.ReadTenant(row.Body, slug)) : null);

    public ValueTask<StoredPlatform> ReadPlatformAtAsync(long revision, CancellationToken cancellation) =>
        new(database.Read(c => ReadRowAt(c, PlatformScope, revision)) is { } row
            ? new StoredPlatform(row.Revision, StoredDocument.ReadPlatform(row.Body))
            : new StoredPlatform(0, new Platform()));

    public async ValueTask<long> ForgetRevisionsAsync(DateTimeOffset supersededBefore, CancellationToken cancellation) => await database.WriteAsync(
        (c, t) => c.Execute(
            "DELETE FROM revisions AS r WHERE EXISTS (SELECT 1 FROM revisions n WHERE n.scope = r.scope AND n.revision > r.revision AND n.at < @before)", t,
            ("@before", supersededBefore.ToUniversalTime().ToText())),
        cancellation);

    internal static ConfigPosition ReadPosition(SqliteConnection connection, SqliteTransaction? transaction) =>
        new(connection.Text("SELECT epoch FROM lineage", transaction) ?? "", connection.Number("SELECT MAX(revision) FROM documents", transaction) ?? 0);

    private async ValueTask<WriteOutcome> WriteAsync(string scope, long expected, string? body, IReadOnlyList<string> hosts, ChangeAuthor author, CancellationToken cancellation)
    {
        var outcome = await database.WriteAsync<WriteOutcome>((connection, transaction) =>
        {
            var actual = connection.Number("SELECT revision FROM documents WHERE scope = @scope AND body IS NOT NULL", transaction, ("@scope", scope)) ?? 0;
            if (actual != expected) return new WriteOutcome.Stale(actual);
            foreach (var host in hosts)
            {
                var owner = connection.Text("SELECT scope FROM hosts WHERE host = @host", transaction, ("@host", host));
                if (owner is not null && owner != scope) return new WriteOutcome.HostTaken(host);
            }
            var revision = connection.Number(
                "INSERT INTO revisions (scope, body, actor, address, reason, at) VALUES (@scope, @packed, @actor, @address, @reason, @at) RETURNING revision", transaction,
                ("@scope", scope), ("@packed", Pack(body)), ("@actor", author.Actor), ("@address", author.Address), ("@reason", author.Reason), ("@at", clock.GetUtcNow().ToText())) ?? 0;
            connection.Execute(
                "INSERT INTO documents (scope, revision, body) VALUES (@scope, @revision, @body) ON CONFLICT (scope) DO UPDATE SET revision = excluded.revision, body = excluded.body", transaction,
                ("@scope", scope), ("@revision", revision), ("@body", body));
            connection.Execute("DELETE FROM hosts WHERE scope = @scope", transaction, ("@scope", scope));
            foreach (var host in hosts) connection.Execute("INSERT INTO hosts (host, scope) VALUES (@host, @scope)", transaction, ("@host", host), ("@scope", scope));
            if (body is null) connection.Execute("DELETE FROM tokens WHERE scope = @scope; DELETE FROM users WHERE scope = @scope", transaction, ("@scope", scope));
            SqliteAuditLog.Add(connection, transaction, clock, new(scope, author.Actor, author.Address, ActionOf(scope, expected, body), Reason: author.Reason), revision);
            return new WriteOutcome.Written(revision);
        }, cancellation);
        if (outcome is WriteOutcome.Written) commits.Raise();
        return outcome;
    }

    private static string ActionOf(string scope, long expected, string? body) =>
        scope.Length == 0 ? AuditActions.PlatformChanged
        : body is null ? AuditActions.TenantDeleted
        : expected == 0 ? AuditActions.TenantCreated
        : AuditActions.TenantChanged;

    private static Row? ReadRow(SqliteConnection connection, string scope) =>
        connection.Query($"SELECT revision, {BodyText} FROM documents WHERE scope = @scope AND body IS NOT NULL", r => new Row(r.GetInt64(0), r.GetString(1)), null, ("@scope", scope)).SingleOrDefault();

    private static Row? ReadRowAt(SqliteConnection connection, string scope, long revision) => connection.Query(
        "SELECT revision, body FROM revisions WHERE scope = @scope AND revision <= @revision ORDER BY revision DESC LIMIT 1",
        r => r.IsDBNull(1) ? null : new Row(r.GetInt64(0), Unpack((byte[])r.GetValue(1))), null, ("@scope", scope), ("@revision", revision)).SingleOrDefault();

    private static string Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static byte[]? Pack(string? body)
    {
        if (body is null) return null;
        var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(Encoding.UTF8.GetBytes(body));
        return packed.ToArray();
    }

    private sealed record Row(long Revision, string Body);
}
