using System.Text.Json;
using Drizzle.Admin.Endpoints;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Drizzle.Admin.Live;

/// <summary>The topics that can be looked at live, and how each is read.</summary>
internal sealed class LiveSources(
    ITraffic traffic, ILiveBuckets buckets, IQuotaLedger quotas, IConfigStore store, IEdgeRegistry edges, IOptions<JsonOptions> json, TimeProvider clock)
{
    /// <summary>Of a tenant.</summary>
    public static readonly string[] OfTenant = ["traffic", "health", "limits", "quotas"];

    /// <summary>Of the platform.</summary>
    public static readonly string[] OfPlatform = ["edges"];

    /// <summary>A source of its own for whoever begins to look: it may remember what it read before.</summary>
    public LiveSource Of(string? tenant, string name)
    {
        var window = new TrafficWindow(clock);
        return (tenant, name) switch
        {
            ({ } slug, "traffic") => Source(async c => window.Next(await traffic.ReadAsync(slug, c))),
            ({ } slug, "health") => Source(async c => TrafficViews.Services(await traffic.ReadAsync(slug, c))),
            ({ } slug, "limits") => Source(async c => await LimitEndpoints.ReadAsync(buckets, new(slug, null, null, LimitEndpoints.Most), c)),
            ({ } slug, "quotas") => Source(async c => await QuotaEndpoints.ReadAsync(quotas, new(slug, null, null, clock.GetUtcNow().ToUnixTimeSeconds(), QuotaEndpoints.Most), c)),
            (null, "edges") => Source(async c => await EdgeEndpoints.ReadAsync(store, edges, c)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such topic."),
        };
    }

    private LiveSource Source<T>(Func<CancellationToken, Task<T>> read) => new(
        async cancellation => Serialize(await read(cancellation)),
        Serialize);

    private byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, json.Value.SerializerOptions);
}
