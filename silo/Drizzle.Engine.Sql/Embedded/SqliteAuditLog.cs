using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteAuditLog(SqliteDatabase database, TimeProvider clock) : IAuditLog
{
    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellation) => await database.WriteAsync((c, t) => Add(c, t, clock, record), cancellation);

    public ValueTask<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation) => new(database.Read(c => c.Query(
        """
        SELECT id, at, scope, actor, address, action, subject, reason, revision FROM audit
        WHERE (@scope IS NULL OR scope = @scope) AND (@action IS NULL OR action = @action) AND (@actor IS NULL OR actor = @actor) AND id < @before
          AND (NOT @alone OR id > (SELECT coalesce(max(id), 0) FROM audit WHERE scope = @scope AND action = 'tenant.deleted'))
        ORDER BY id DESC LIMIT @most
        """,
        r => new AuditEntry(r.GetInt64(0), r.Time(1), new(r.GetString(2), r.GetString(3), r.TextOrNull(4), r.GetString(5), r.TextOrNull(6), r.TextOrNull(7)), r.IsDBNull(8) ? null : r.GetInt64(8)),
        null, ("@scope", query.Scope), ("@alone", query.OfThisTenantAlone), ("@action", query.Action), ("@actor", query.Actor), ("@before", query.Before), ("@most", query.Most))));

    /// <summary>Within the transaction of what is audited.</summary>
    /// <returns>True.</returns>
    public static bool Add(SqliteConnection connection, SqliteTransaction transaction, TimeProvider clock, AuditRecord record, long? revision = null) => connection.Execute(
        "INSERT INTO audit (at, scope, actor, address, action, subject, revision, reason) VALUES (@at, @scope, @actor, @address, @action, @subject, @revision, @reason)", transaction,
        ("@at", clock.GetUtcNow().ToText()), ("@scope", record.Scope), ("@actor", record.Actor), ("@address", record.Address), ("@action", record.Action), ("@subject", record.Subject),
        ("@revision", revision), ("@reason", record.Reason)) == 1;
}
