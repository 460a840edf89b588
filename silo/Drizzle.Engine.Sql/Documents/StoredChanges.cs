using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>A row of the table of documents.</summary>
/// <param name="Scope">A tenant's slug; empty for the platform.</param>
/// <param name="Body">JSON; null once deleted.</param>
internal readonly record struct DocumentRow(string Scope, long Revision, string? Body);

/// <summary>Turns stored rows into the changes that a feed tells of.</summary>
internal static class StoredChanges
{
    public static ConfigChange[] Of(List<DocumentRow> rows) => OnAllCores.Map(rows, Of);

    private static ConfigChange Of(DocumentRow row)
    {
        try
        {
            if (row.Body is null) return new ConfigChange.TenantDeleted(row.Revision, row.Scope);
            return row.Scope.Length == 0
                ? new ConfigChange.PlatformWritten(row.Revision, StoredDocument.ReadPlatform(row.Body))
                : new ConfigChange.TenantWritten(row.Revision, row.Scope, StoredDocument.ReadTenant(row.Body, row.Scope));
        }
        catch (EngineException e)
        {
            return new ConfigChange.Unreadable(row.Revision, row.Scope, e.Message);
        }
    }
}
