using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Telemetry;
using Drizzle.Edge.Hosting;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Usage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Edge;

/// <summary>One edge: the public server, the operations server, and the loops behind them.</summary>
public sealed class EdgeHost : IAsyncDisposable
{
    private readonly EdgeOptions _options;
    private readonly TimeProvider _clock;
    private readonly GatewayState _state = new();
    private readonly LeasedBuckets? _leased;
    private readonly QuotaDesk _quotas;
    private readonly EdgeMetrics _metrics;
    private readonly PrometheusReader _reader = new();
    private readonly IHost _gateway;
    private readonly WebApplication _operations;
    private readonly CancellationTokenSource _ending = new();
    private Task _loops = Task.CompletedTask;

    private EdgeHost(EdgeOptions options, IEngine engine, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        var identity = EdgeIdentity.Of(options, clock);
        _leased = engine.BucketOwner is { } owner ? new LeasedBuckets(owner, identity.Id, clock) : null;
        _quotas = new QuotaDesk(engine.Quotas, identity.Id, clock);
        _metrics = new EdgeMetrics(identity.Id, _state, _leased, _quotas);
        _gateway = GatewayServer.Build(options, engine, identity, _state, _leased, _quotas, _metrics, clock);
        _operations = OperationsHost.Build(options, identity, _state, _reader, clock);
        Explainer = Explaining.Explainer.Of(_state, engine, clock);
    }

    private UsageDesk Usage => _gateway.Services.GetRequiredService<UsageDesk>();

    /// <summary>Where the gateway listens, with the port that was bound where 0 was asked for.</summary>
    public IReadOnlyCollection<string> GatewayAddresses => Addresses(_gateway);

    /// <summary>Explains by what this edge has in force.</summary>
    public IExplainer Explainer { get; }

    /// <summary>Where operations listen.</summary>
    public IReadOnlyCollection<string> OperationsAddresses => Addresses(_operations);

    /// <exception cref="FormatException">An option cannot be used; the message names it.</exception>
    /// <exception cref="IOException">A certificate or the access log cannot be opened.</exception>
    public static EdgeHost Create(EdgeOptions options, IEngine engine, TimeProvider clock) => new(options, engine, clock);

    /// <summary>Applies the configuration, then listens, so that the first request finds routes.</summary>
    /// <exception cref="IOException">A port is in use.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var follower = _gateway.Services.GetRequiredService<ConfigFollower>();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heartbeat = _gateway.Services.GetRequiredService<Heartbeat>();
        follower.Applied = () =>
        {
            ready.TrySetResult();
            heartbeat.Wake();
        };
        var log = _gateway.Services.GetRequiredService<AccessLogSource>().Log;
        await _operations.StartAsync(cancellation);
        _loops = Task.WhenAll(
            Quietly(follower.RunAsync(_ending.Token)), Quietly(heartbeat.RunAsync(() => Addresses(_gateway).FirstOrDefault() ?? _options.Http, _ending.Token)),
            _gateway.Services.GetRequiredService<TrafficReporter>().RunAsync(_ending.Token), log?.RunAsync(_ending.Token) ?? Task.CompletedTask);
        await Task.WhenAny(ready.Task, _loops).WaitAsync(cancellation);
        if (_loops.IsCompleted) await _loops;
        await _quotas.StartAsync();
        if (_leased is not null) await _leased.StartAsync();
        Usage.Start();
        await _gateway.StartAsync(cancellation);
        _state.IsListening = true;
    }

    /// <summary>Readiness goes false, listeners stay open for the drain delay, then requests in flight finish and the servers stop.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        _state.IsDraining = true;
        if (_options.DrainDelay > TimeSpan.Zero) await Task.Delay(_options.DrainDelay, _clock, cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_options.DrainTimeout);
        await _gateway.StopAsync(patience.Token);
        if (_leased is not null) await _leased.DisposeAsync();
        await _quotas.DisposeAsync();
        await Usage.DisposeAsync();
        await _operations.StopAsync(cancellation);
        await _ending.CancelAsync();
        await _loops;
        await _gateway.Services.GetRequiredService<Heartbeat>().LeaveAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loops;
        if (_leased is not null) await _leased.DisposeAsync();
        await _quotas.DisposeAsync();
        // Some of what it holds can be disposed only without blocking.
        if (_gateway is IAsyncDisposable gateway) await gateway.DisposeAsync();
        await _operations.DisposeAsync();
        _metrics.Dispose();
        _reader.Dispose();
        _ending.Dispose();
    }

    private static async Task Quietly(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException)
        {
            // The edge ends.
        }
    }

    private static IReadOnlyCollection<string> Addresses(IHost host) =>
        [.. (host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(a => a.StartsWith("http", StringComparison.Ordinal) && !a.Contains("h2c", StringComparison.Ordinal))];
}
