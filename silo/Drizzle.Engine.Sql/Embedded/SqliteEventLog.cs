using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Sql.Embedded;

internal sealed class SqliteEventLog(SqliteDatabase database) : IEventLog
{
    public ValueTask<IReadOnlyList<TenantEvent>> ListAsync(string tenant, long before, int most, CancellationToken cancellation) => new(database.Read(c => c.Query(
        "SELECT id, at, scope, kind, object, subject, detail FROM events WHERE scope = @scope AND id < @before ORDER BY id DESC LIMIT @most",
        r => new TenantEvent(r.GetInt64(0), r.Time(1), r.GetString(2), r.GetString(3), r.GetString(4), r.GetString(5), r.GetString(6)),
        null, ("@scope", tenant), ("@before", before), ("@most", most))));

    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellation) =>
        await database.WriteAsync((c, t) => c.Execute("DELETE FROM events WHERE at < @before", t, ("@before", before.ToUniversalTime().ToText())), cancellation);
}
