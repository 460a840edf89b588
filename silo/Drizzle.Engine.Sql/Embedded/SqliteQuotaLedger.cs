using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteQuotaLedger(SqliteDatabase database, TimeProvider clock) : IQuotaLedger
{
    private const string Columns = "quota, subject, window_start, ends_at, amount, revision, extra, reserved, spent";
    private const string IsThis = "quota = @quota AND subject = @subject AND window_start = @window";

    public async ValueTask<QuotaAnswers> ReserveAsync(IReadOnlyList<QuotaAsk> requests, CancellationToken cancellation) => new(
        await database.WriteAsync((c, t) => requests.Select(r => Reserve(c, t, r)).ToArray(), cancellation), Edges: 1);

    public ValueTask<IReadOnlyList<QuotaStatus>> ListAsync(QuotaQuery query, CancellationToken cancellation) => new(database.Read(c => c.Query(
        $"""
        SELECT {Columns} FROM quotas
        WHERE (@tenant IS NULL OR tenant = @tenant) AND (@quota IS NULL OR name = @quota) AND (@subject IS NULL OR subject = @subject) AND window_start <= @at AND ends_at > @at
        ORDER BY quota, subject, window_start LIMIT @most
        """,
        Read, null, ("@tenant", query.Tenant), ("@quota", query.Quota), ("@subject", query.Subject), ("@at", query.At), ("@most", query.Most))));

    public ValueTask<QuotaTotals?> GrantAsync(QuotaId quota, long? extra, AuditRecord audit, CancellationToken cancellation) => database.WriteAsync(
        (c, t) =>
        {
            var changed = c.Execute(
                $"UPDATE quotas SET extra = CASE WHEN @extra IS NULL THEN max(extra, spent) ELSE extra + @extra END, alerted = 0 WHERE {IsThis}", t, [("@extra", extra), .. Key(quota)]);
            if (changed == 0) return (QuotaTotals?)null;
            SqliteAuditLog.Add(c, t, clock, audit);
            return c.Query($"SELECT {Columns} FROM quotas WHERE {IsThis}", Read, t, Key(quota)).Single().Totals;
        },
        cancellation);

    public async ValueTask<long> ForgetAsync(CancellationToken cancellation) => await database.WriteAsync(
        (c, t) => c.Execute("DELETE FROM quotas WHERE ends_at + max(3600, 2 * (ends_at - window_start)) < @now", t, ("@now", clock.GetUtcNow().ToUnixTimeSeconds())), cancellation);

    private QuotaAnswer Reserve(SqliteConnection c, SqliteTransaction t, QuotaAsk ask)
    {
        var (key, tenant) = (Key(ask.Quota), LimitNames.ScopeOf(ask.Quota.Quota));
        // What comes of a tenant that was deleted meanwhile is nobody's.
        if (c.Number("SELECT 1 FROM documents WHERE scope = @scope AND body IS NOT NULL", t, ("@scope", tenant)) is null) return default;
        c.Execute(
            "INSERT INTO quotas (quota, subject, window_start, tenant, name, ends_at, amount, revision) VALUES (@quota, @subject, @window, @tenant, @name, @ends, @amount, @revision) ON CONFLICT DO NOTHING", t,
            [.. key, ("@tenant", tenant), ("@name", LimitNames.OwnNameOf(ask.Quota.Quota)), ("@ends", ask.Terms.EndsAt), ("@amount", ask.Terms.Amount), ("@revision", ask.Terms.Revision)]);
        var before = c.Query($"SELECT {Columns} FROM quotas WHERE {IsThis}", Read, t, key).Single().Totals;
        var part = c.Query(
            $"SELECT sequence, reserved, spent FROM quota_parts WHERE {IsThis} AND holder = @holder", r => new QuotaPart(r.GetInt64(0), r.GetInt64(1), r.GetInt64(2)), t, [.. key, ("@holder", ask.Holder)]).SingleOrDefault();
        var others = c.Number($"SELECT count(*) FROM quota_parts WHERE {IsThis} AND holder <> @holder AND reserved > spent", t, [.. key, ("@holder", ask.Holder)]) ?? 0;
        var (totals, after, answer) = QuotaArithmetic.Reserve(before, part, ask, others + 1);
        c.Execute(
            """
            INSERT INTO quota_parts (quota, subject, window_start, holder, sequence, reserved, spent) VALUES (@quota, @subject, @window, @holder, @sequence, @reserved, @spent)
            ON CONFLICT DO UPDATE SET sequence = excluded.sequence, reserved = excluded.reserved, spent = excluded.spent
            """, t,
            [.. key, ("@holder", ask.Holder), ("@sequence", after.Sequence), ("@reserved", after.Reserved), ("@spent", after.Spent)]);
        var told = c.Number($"SELECT alerted FROM quotas WHERE {IsThis}", t, key) ?? 0;
        foreach (var percent in QuotaAlerts.Percents.Where(p => p > told && p <= totals.Alert)) Tell(c, t, ask.Quota, totals, percent);
        c.Execute(
            $"UPDATE quotas SET amount = @amount, revision = @revision, reserved = @reserved, spent = @spent, alerted = max(alerted, @alert) WHERE {IsThis}", t,
            [.. key, ("@amount", totals.Amount), ("@revision", totals.Revision), ("@reserved", totals.Reserved), ("@spent", totals.Spent), ("@alert", totals.Alert)]);
        return answer;
    }

    private void Tell(SqliteConnection c, SqliteTransaction t, QuotaId quota, QuotaTotals totals, int percent) => c.Execute(
        "INSERT INTO events (at, scope, kind, object, subject, detail) VALUES (@at, @scope, @kind, @object, @subject, @detail)", t,
        ("@at", clock.GetUtcNow().ToText()), ("@scope", LimitNames.ScopeOf(quota.Quota)), ("@kind", percent < 100 ? EventKinds.QuotaWarning : EventKinds.QuotaExhausted),
        ("@object", quota.Quota), ("@subject", quota.Subject), ("@detail", $"{totals.Spent} of {totals.Amount + totals.Extra} are used."));

    private static SqlValue[] Key(QuotaId quota) => [("@quota", quota.Quota), ("@subject", quota.Subject), ("@window", quota.Window)];

    private static QuotaStatus Read(SqliteDataReader r) => new(
        new(r.GetString(0), r.GetString(1), r.GetInt64(2)), r.GetInt64(3), new(r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8)));
}
