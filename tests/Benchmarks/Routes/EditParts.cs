using System.Text.Json;
using Drizzle.Benchmarks.Output;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Upstreams;

namespace Drizzle.Benchmarks.Routes;

/// <summary>The steps of an edit that are arithmetic, each by itself: what is left of an edit is the database and the waiting.</summary>
internal static class EditParts
{
    private const int Times = 300;

    public static Table Measure(Tenant tenant, TimeProvider clock)
    {
        var document = new TenantDocument { Tenant = tenant };
        var json = JsonSerializer.Serialize(document, ModelJson.Default.TenantDocument);
        var compiler = SnapshotCompiler.Blind(new GatewayState(), clock);
        var before = compiler.Compile(1, document, null);
        var table = new Table($"parts of an edit of a tenant of {tenant.Routes.Count} routes ({json.Length / 1024} KiB of JSON), median of {Times}", new("part"), new("ms", "F3"));
        table.Add("document to JSON", Time(() => JsonSerializer.Serialize(document, ModelJson.Default.TenantDocument)));
        table.Add("JSON to document", Time(() => JsonSerializer.Deserialize(json, ModelJson.Default.TenantDocument)));
        table.Add("document to snapshot", Time(() => compiler.Compile(2, document, before)));
        return table;

        double Time(Func<object?> part) => Samples.Median([.. Enumerable.Range(0, 2 * Times).Select(_ =>
        {
            var startedAt = clock.GetTimestamp();
            GC.KeepAlive(part());
            return clock.GetElapsedTime(startedAt).TotalMilliseconds;
        }).Skip(Times)]);
    }
}
