using System.Net;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Drizzle.Engine.Orleans;

/// <summary>This process as a client of the silos. It connects by itself, again and again, and whoever calls meanwhile is told that the silos are away.</summary>
internal sealed class SiloConnection : IAsyncDisposable
{
    // By the machine's clock: where the engine is told another time, a first attempt that failed would be the last.
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private readonly IHost _host;
    private readonly Task _starting;

    private SiloConnection(IHost host)
    {
        _host = host;
        Grains = host.Services.GetRequiredService<IClusterClient>();
        // Finding the first silo takes a while, and the caller need not wait for that.
        _starting = Task.Run(() => host.StartAsync(_ending.Token));
    }

    public IGrainFactory Grains { get; }

    public static SiloConnection Start(SiloCluster options) => Start(options, ContractVersion.Spoken);

    internal static SiloConnection Start(SiloCluster options, int version)
    {
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .ConfigureServices(services => services.AddSingleton<IHostLifetime, QuietLifetime>())
            .UseOrleansClient(client => FindSilos(client, options)
                .AddOutgoingGrainCallFilter(new ContractVersion.Naming(version))
                .Configure<ClientConnectionOptions>(o => o.ConfigureConnection(connections =>
                {
                    if (options.Tls is { } tls) TlsTransport.Connect(connections, tls);
                }))
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, "drizzle"))
                .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = RefreshEvery)
                .UseConnectionRetryFilter(async (_, cancellation) => await TimeProvider.System.PauseAsync(RetryEvery, cancellation)))
            .Build();
        return new SiloConnection(host);
    }

    private static IClientBuilder FindSilos(IClientBuilder client, SiloCluster options) => options.LocalGateway is { } gateway
        ? client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, gateway))
        : client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", options.MembersConnectionString));

    /// <exception cref="EngineException">The silos do not answer, or refuse.</exception>
    public async ValueTask<T> CallAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellation)
    {
        if (!_starting.IsCompletedSuccessfully) throw new EngineException("No silo has been found yet: start 'drizzle silo', see that its gateway's port can be reached from here, and that both sides have TLS or neither has.");
        try
        {
            return await call(Grains).WaitAsync(cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // Orleans adds the whole of what it tried.
            throw new EngineException($"A call to the silos failed: {e.Message.Split('\n', 2)[0]}", e);
        }
    }

    /// <exception cref="EngineException">The silos do not answer, or refuse.</exception>
    public async ValueTask CallAsync(Func<IGrainFactory, Task> call, CancellationToken cancellation) => await CallAsync(
        async grains =>
        {
            await call(grains);
            return true;
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await _starting;
            await _host.StopAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is OperationCanceledException or OrleansException)
        {
            // It was not connected, or is not any more.
        }
        _host.Dispose();
        _ending.Dispose();
    }
}
