using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo;
using Drizzle.Testing;

namespace Drizzle.Conformance.Orleans;

/// <summary>A silo in this process, one of several of a cluster.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private readonly SiloHost _silo;
    private bool _hasEnded;

    private RunningSilo(SiloHost silo, SiloOptions options) => (_silo, Options) = (silo, options);

    public SiloOptions Options { get; }

    public static async Task<RunningSilo> StartAsync(SiloCluster cluster, bool opensAhead = false, TimeProvider? clock = null)
    {
        var options = new SiloOptions(cluster) { Port = FreePort.Next(), Gateway = FreePort.Next(), Operations = $"http://127.0.0.1:{FreePort.Next()}", OpensAhead = opensAhead };
        var silo = await SiloHost.OpenAsync(options, clock ?? TimeProvider.System, CancellationToken.None);
        await silo.StartAsync(CancellationToken.None);
        return new RunningSilo(silo, options);
    }

    /// <summary>Waits until it is a member, and all shards whose place is here have an owner.</summary>
    public async Task ReadyAsync()
    {
        using var http = new HttpClient();
        await Eventually.TrueAsync(async () => (await http.GetAsync($"{Options.Operations}/readyz")).IsSuccessStatusCode, "all buckets have an owner");
    }

    /// <returns>The silos that the one knows which the client asks; none where none answers.</returns>
    public static async Task<string[]> KnownAsync(SiloConnection client)
    {
        try
        {
            return await client.CallAsync(grains => grains.GetGrain<IShardFinderGrain>(0).SilosAsync(), CancellationToken.None);
        }
        catch (EngineException)
        {
            return [];
        }
    }

    /// <summary>In good order.</summary>
    public async Task EndAsync()
    {
        if (_hasEnded) return;
        _hasEnded = true;
        await _silo.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _silo.DisposeAsync();
    }
}
