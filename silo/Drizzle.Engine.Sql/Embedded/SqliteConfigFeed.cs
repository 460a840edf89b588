using System.Runtime.CompilerServices;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteConfigFeed(SqliteDatabase database, CommitSignal commits) : IConfigFeed
{
    private const int FewestInParallel = 16;

    public async IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Listening begins before the first read, so that no commit falls between the two.
        var wakes = commits.Listen();
        try
        {
            var first = ReadSince(since);
            yield return first;
            var position = first.Position;
            await foreach (var _ in wakes.Reader.ReadAllAsync(cancellation))
            {
                var batch = ReadSince(position);
                if (batch.Changes.Count == 0) continue;
                position = batch.Position;
                yield return batch;
            }
        }
        finally
        {
            commits.Leave(wakes);
        }
    }

    private ConfigBatch ReadSince(ConfigPosition since) => database.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var now = SqliteConfigStore.ReadPosition(connection, transaction);
        var isWhole = since.Epoch != now.Epoch || since.Revision > now.Revision;
        var rows = connection.Query(
            $"SELECT scope, revision, {StoredDocument.Column} FROM documents WHERE revision > @from AND (@whole = 0 OR body IS NOT NULL) ORDER BY revision",
            r => (Scope: r.GetString(0), Revision: r.GetInt64(1), Body: r.TextOrNull(2)),
            transaction, ("@from", isWhole ? 0 : since.Revision), ("@whole", isWhole ? 1 : 0));
        return new ConfigBatch(now, isWhole, ToChanges(rows));
    });

    /// <summary>A start reads thousands of documents, on all cores; an edit one.</summary>
    private static ConfigChange[] ToChanges(List<(string Scope, long Revision, string? Body)> rows)
    {
        var changes = new ConfigChange[rows.Count];
        if (rows.Count < FewestInParallel)
        {
            for (var i = 0; i < changes.Length; i++) changes[i] = ToChange(rows[i].Scope, rows[i].Revision, rows[i].Body);
        }
        else
        {
            Parallel.For(0, changes.Length, i => changes[i] = ToChange(rows[i].Scope, rows[i].Revision, rows[i].Body));
        }
        return changes;
    }

    private static ConfigChange ToChange(string scope, long revision, string? body)
    {
        try
        {
            if (body is null) return new ConfigChange.TenantDeleted(revision, scope);
            return scope.Length == 0
                ? new ConfigChange.PlatformWritten(revision, StoredDocument.ReadPlatform(body))
                : new ConfigChange.TenantWritten(revision, scope, StoredDocument.ReadTenant(body, scope));
        }
        catch (EngineException e)
        {
            return new ConfigChange.Unreadable(revision, scope, e.Message);
        }
    }
}
