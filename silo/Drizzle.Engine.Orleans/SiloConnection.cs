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

    // Who has written by then has answered.
    private static readonly TimeSpan AnswersAfterLoss = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private readonly SiloLoss _loss;
    private readonly IHost _host;
    private readonly Task _starting;

    private SiloConnection(IHost host, SiloLoss loss)
    {
        (_host, _loss) = (host, loss);
        Grains = host.Services.GetRequiredService<IClusterClient>();
        // Finding the first silo takes a while, and the caller need not wait for that.
        _starting = Task.Run(() => host.StartAsync(_ending.Token));
    }

    public IGrainFactory Grains { get; }

    public static SiloConnection Start(SiloCluster options) => Start(options, ContractVersion.Spoken);

    internal static SiloConnection Start(SiloCluster options, int version)
    {
        var loss = new SiloLoss();
        var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .ConfigureServices(services => services.AddSingleton<IHostLifetime, QuietLifetime>())
            .UseOrleansClient(client => FindSilos(client, options)
                .AddOutgoingGrainCallFilter(new ContractVersion.Naming(version))
                .Configure<ClientConnectionOptions>(o => o.ConfigureConnection(connections =>
                {
                    if (options.Tls is { } tls) TlsTransport.Connect(connections, tls);
                }))
                .AddGatewayCountChangedHandler((_, gateways) => loss.Note(gateways.NumberOfConnectedGateways, gateways.PreviousNumberOfConnectedGateways))
                .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster, "drizzle"))
                .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = RefreshEvery)
                .UseConnectionRetryFilter(async (_, cancellation) => await TimeProvider.System.PauseAsync(RetryEvery, cancellation)))
            .Build();
        return new SiloConnection(host, loss);
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

    /// <summary>Calls for something that may not be done twice. Orleans lets a call that a silo died with wait for its whole time; here it ends soon after the connection.</summary>
    /// <exception cref="EngineException">The silos do not answer, or refuse; or whether it was done is not known.</exception>
    public async ValueTask<T> WriteAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _loss.Next);
        try
        {
            return await CallAsync(call, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new EngineException("A silo was lost while it may have been writing: look whether it was written.", e);
        }
    }

    /// <exception cref="EngineException">The silos do not answer, or refuse.</exception>
    public async ValueTask CallAsync(Func<IGrainFactory, Task> call, CancellationToken cancellation) => await CallAsync(grains => DoneAsync(call(grains)), cancellation);

    /// <summary>A call that answers nothing, as one that answers that it is done.</summary>
    public static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }

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
        _loss.Dispose();
    }

    /// <summary>Says when a connection to a silo was lost.</summary>
    private sealed class SiloLoss : IDisposable
    {
        private CancellationTokenSource _next = new();

        /// <summary>Cancelled a while after the next loss.</summary>
        public CancellationToken Next => Volatile.Read(ref _next).Token;

        public void Note(int connected, int before)
        {
            // Disposing of it is left to the collector: who waits for it may just be looking.
            if (connected < before) Interlocked.Exchange(ref _next, new()).CancelAfter(AnswersAfterLoss);
        }

        public void Dispose() => _next.Dispose();
    }
}
