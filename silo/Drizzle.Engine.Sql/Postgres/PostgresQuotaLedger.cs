using System.Globalization;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Ports;
using Npgsql;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>Quotas in the database, where one function reserves for a batch of them.</summary>
internal sealed class PostgresQuotaLedger(PostgresDatabase database, TimeProvider clock) : IQuotaLedger
{
    private const string Columns = "quota, subject, window_start, ends_at, amount, revision, extra, reserved, spent";

    public ValueTask<QuotaAnswers> ReserveAsync(IReadOnlyList<QuotaAsk> requests, CancellationToken cancellation) => database.RunAsync(
        async c => (await c.QueryAsync(
            "SELECT granted, lefts, edges FROM drizzle.reserve_quotas($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            r => new QuotaAnswers([.. r.GetFieldValue<long[]>(0).Zip(r.GetFieldValue<long[]>(1), (granted, left) => new QuotaAnswer(granted, left))], r.GetInt32(2)), cancellation,
            Texts(requests.Select(r => r.Holder)), Now(clock), Array(NpgsqlDbType.Bytea, requests.Select(r => IdOf(r.Quota))), Texts(requests.Select(r => r.Quota.Quota)), Texts(requests.Select(r => r.Quota.Subject)),
            Numbers(requests.Select(r => r.Quota.Window)), Numbers(requests.Select(r => r.Terms.EndsAt)), Numbers(requests.Select(r => r.Terms.Amount)), Numbers(requests.Select(r => r.Terms.Revision)),
            Numbers(requests.Select(r => r.Sequence)), Numbers(requests.Select(r => r.Kept)), Numbers(requests.Select(r => r.Spent)), Numbers(requests.Select(r => r.Need)),
            Numbers(requests.Select(r => r.Want)))).Single(),
        cancellation);

    public async ValueTask<IReadOnlyList<QuotaStatus>> ListAsync(QuotaQuery query, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            $"""
            SELECT {Columns} FROM drizzle.quotas
            WHERE ($1 IS NULL OR split_part(quota, '/', 1) = $1) AND ($2 IS NULL OR split_part(quota, '/', 3) = $2) AND ($3 IS NULL OR subject = $3) AND window_start <= $4 AND ends_at > $4
            ORDER BY quota, subject, window_start LIMIT $5
            """,
            Read, cancellation, Text(query.Tenant), Text(query.Quota), Text(query.Subject), Number(query.At), Number(query.Most)),
        cancellation);

    public async ValueTask<QuotaTotals?> GrantAsync(QuotaId quota, long? extra, AuditRecord audit, CancellationToken cancellation) => (await database.RunAsync(
        c => c.QueryAsync(
            $"SELECT {Columns} FROM drizzle.grant_quota($1, $2, $3, $4, $5, $6, $7, $8, $9)", Read, cancellation,
            Bytes(IdOf(quota)), NumberOrNull(extra), Now(clock), Text(audit.Scope), Text(audit.Actor), Text(audit.Address), Text(audit.Action), Text(audit.Subject), Text(audit.Reason)),
        cancellation)).Select(s => (QuotaTotals?)s.Totals).SingleOrDefault();

    public async ValueTask<long> ForgetAsync(CancellationToken cancellation) => await database.RunAsync(
        c => c.ExecuteAsync(
            "DELETE FROM drizzle.quotas WHERE ends_at + greatest(3600, 2 * (ends_at - window_start)) < extract(epoch FROM coalesce($1, clock_timestamp()))", cancellation, Now(clock)),
        cancellation);

    private static byte[] IdOf(QuotaId quota) => Digest.Of(quota.Quota, quota.Subject, quota.Window.ToString(CultureInfo.InvariantCulture));

    private static QuotaStatus Read(NpgsqlDataReader r) => new(
        new(r.GetString(0), r.GetString(1), r.GetInt64(2)), r.GetInt64(3), new(r.GetInt64(4), r.GetInt64(5), r.GetInt64(6), r.GetInt64(7), r.GetInt64(8)));
}
