using Drizzle.Contracts.Ports;
using Npgsql;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresAuditLog(PostgresDatabase database, TimeProvider clock) : IAuditLog
{
    private const string Columns = "at, scope, actor, address, action, subject, reason";

    public async ValueTask WriteAsync(AuditRecord record, CancellationToken cancellation) => await database.RunAsync(
        c => c.ExecuteAsync($"INSERT INTO drizzle.audit ({Columns}) VALUES (coalesce($1, clock_timestamp()), $2, $3, $4, $5, $6, $7)", cancellation, Parameters(record, clock)), cancellation);

    public async ValueTask<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            $"""
            SELECT id, {Columns}, revision FROM drizzle.audit
            WHERE ($1 IS NULL OR scope = $1) AND ($2 IS NULL OR action = $2) AND ($3 IS NULL OR actor = $3) AND id < $4
              AND (NOT $5 OR id > (SELECT coalesce(max(id), 0) FROM drizzle.audit WHERE scope = $1 AND action = 'tenant.deleted'))
            ORDER BY id DESC LIMIT $6
            """,
            Read, cancellation, Text(query.Scope), Text(query.Action), Text(query.Actor), Number(query.Before), Flag(query.OfThisTenantAlone), Number(query.Most)),
        cancellation);

    /// <summary>A change, and its entry where it changed something, in one statement.</summary>
    /// <param name="before">Other changes, such as <c>old AS (DELETE …),</c>; may be empty. All are done, whether or not another reads what they give.</param>
    /// <param name="change">An INSERT, UPDATE or DELETE without RETURNING, whose parameters are numbered from $8 on.</param>
    /// <returns>Whether it changed something.</returns>
    public static ValueTask<bool> ChangeAsync(PostgresDatabase database, TimeProvider clock, string before, string change, AuditRecord record, CancellationToken cancellation, params NpgsqlParameter[] parameters) => database.RunAsync(
        async c => await c.ExecuteAsync(
            $"WITH {before} done AS ({change} RETURNING 1) INSERT INTO drizzle.audit ({Columns}) SELECT coalesce($1, clock_timestamp()), $2, $3, $4, $5, $6, $7 FROM done",
            cancellation, [.. Parameters(record, clock), .. parameters]) > 0,
        cancellation);

    private static NpgsqlParameter[] Parameters(AuditRecord record, TimeProvider clock) =>
        [Now(clock), Text(record.Scope), Text(record.Actor), Text(record.Address), Text(record.Action), Text(record.Subject), Text(record.Reason)];

    private static AuditEntry Read(NpgsqlDataReader r) => new(
        r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), new(r.GetString(2), r.GetString(3), r.TextOrNull(4), r.GetString(5), r.TextOrNull(6), r.TextOrNull(7)), r.IsDBNull(8) ? null : r.GetInt64(8));
}
