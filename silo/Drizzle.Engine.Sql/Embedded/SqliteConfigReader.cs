using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql.Documents;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>Reads what was written since a revision.</summary>
internal sealed class SqliteConfigReader(SqliteDatabase database)
{
    public ValueTask<ConfigBatch> ReadSinceAsync(ConfigPosition since, CancellationToken cancellation) => new(database.Read(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        var now = SqliteConfigStore.ReadPosition(connection, transaction);
        var isWhole = since.Epoch != now.Epoch || since.Revision > now.Revision;
        var rows = connection.Query(
            $"SELECT scope, revision, {SqliteConfigStore.BodyText} FROM documents WHERE revision > @from AND (@whole = 0 OR body IS NOT NULL) ORDER BY revision",
            r => new DocumentRow(r.GetString(0), r.GetInt64(1), r.TextOrNull(2)),
            transaction, ("@from", isWhole ? 0 : since.Revision), ("@whole", isWhole ? 1 : 0));
        return new ConfigBatch(now, isWhole, StoredChanges.Of(rows));
    }));
}
