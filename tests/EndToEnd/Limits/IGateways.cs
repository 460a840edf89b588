using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Limits;

/// <summary>An engine with as many edges as it can have, all real processes, and an upstream behind them.</summary>
internal interface IGateways : IAsyncDisposable
{
    TestUpstream Upstream { get; }

    /// <summary>One client for each edge.</summary>
    IReadOnlyList<HttpClient> Edges { get; }

    Task<ProgramRun> RunAsync(string input, params string[] arguments);

    /// <summary>Waits until every edge has applied what was written.</summary>
    Task CaughtUpAsync();
}

/// <summary><c>drizzle up</c>.</summary>
internal sealed class EmbeddedGateways(DrizzleProcess drizzle, TestUpstream upstream) : IGateways
{
    public TestUpstream Upstream => upstream;

    public IReadOnlyList<HttpClient> Edges { get; } = [drizzle.Gateway];

    public static async Task<IGateways> UpAsync() => new EmbeddedGateways(await DrizzleProcess.UpAsync(), await TestUpstream.StartAsync());

    public Task<ProgramRun> RunAsync(string input, params string[] arguments) => drizzle.RunWithAsync(input, arguments);

    public Task CaughtUpAsync() => drizzle.CaughtUpAsync();

    public async ValueTask DisposeAsync()
    {
        await drizzle.DisposeAsync();
        await upstream.DisposeAsync();
    }
}

/// <summary>PostgreSQL, an admin and three edges; without silos, or with silos and certificates.</summary>
internal sealed class ClusterGateways(Cluster cluster, TestUpstream upstream) : IGateways
{
    public TestUpstream Upstream => upstream;

    public IReadOnlyList<HttpClient> Edges { get; } = [.. cluster.Edges.Select(e => new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{e.Port}"), Timeout = Eventually.Patience })];

    public static async Task<IGateways> UpAsync(int silos) => new ClusterGateways(await Cluster.UpAsync(edges: 3, silos: silos, hasTls: silos > 0), await TestUpstream.StartAsync());

    public Task<ProgramRun> RunAsync(string input, params string[] arguments) => cluster.RunAsync(input, arguments);

    public Task CaughtUpAsync() => cluster.CaughtUpAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var edge in Edges) edge.Dispose();
        await cluster.DisposeAsync();
        await upstream.DisposeAsync();
    }
}
