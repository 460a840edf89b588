using Drizzle.Contracts.Ports;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

internal sealed class PostgresEventLog(PostgresDatabase database) : IEventLog
{
    public async ValueTask<IReadOnlyList<TenantEvent>> ListAsync(string tenant, long before, int most, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            "SELECT id, at, scope, kind, object, subject, detail FROM drizzle.events WHERE scope = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            r => new TenantEvent(r.GetInt64(0), r.GetFieldValue<DateTimeOffset>(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6)),
            cancellation, Text(tenant), Number(before), Number(most)),
        cancellation);

    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        await database.RunAsync(c => c.ExecuteAsync("DELETE FROM drizzle.events WHERE at < $1", cancellation, Time(before)), cancellation);
}
