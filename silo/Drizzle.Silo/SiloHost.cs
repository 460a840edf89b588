using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Sql;
using Drizzle.Silo.Buckets;
using Drizzle.Silo.Members;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Versions.Compatibility;
using Orleans.Versions.Selector;

namespace Drizzle.Silo;

/// <summary>One silo: its grains, and the page of operations.</summary>
public sealed class SiloHost : IAsyncDisposable
{
    // A silo that does not answer three probes, a second apart, is declared dead by two others, or by the one that there is; but not before it has said
    // nothing at all for three times the longest that a probe may take. Where answers come late, Orleans waits longer for them, up to that.
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(1.5);
    private const int MissedProbes = 3;
    private const int Votes = 2;

    // Rows of silos that were killed and that nobody was left to declare dead stop a new one from joining only while they seem fresh.
    private static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(5);
    private const int MissedAlive = 6;
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(10);

    // Edges and admins that have this silo as their gateway are told that it ends, and find another.
    private static readonly TimeSpan ClientsLeaveIn = TimeSpan.FromMilliseconds(500);

    // Without the database Orleans would try for two minutes to write there that this silo is gone. All of the end takes less than the half minute that whoever runs it gives it.
    private static readonly TimeSpan LongestEnding = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly PostgresEngine _database;

    private SiloHost(WebApplication app, PostgresEngine database) => (_app, _database) = (app, database);

    /// <summary>Brings the schema of the database up to date, and makes the silo, not started yet.</summary>
    /// <exception cref="EngineException">The database is away, refuses, or was written by a newer version.</exception>
    public static async Task<SiloHost> OpenAsync(SiloOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var database = await PostgresEngine.OpenAsync(options.Cluster.SiloConnectionString, clock, cancellation);
        var builder = WebApplication.CreateSlimBuilder();
        // Of a grain that cannot begin its caller hears.
        builder.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("Orleans.Grain", LogLevel.None);
        builder.WebHost.UseUrls(options.Operations);
        AddServices(builder.Services, options, database, clock);
        builder.Host.UseOrleans(silo => Configure(silo, options));
        var app = builder.Build();
        app.MapGet("/healthz", () => Results.Text("ok\n"));
        app.MapGet("/readyz", (SiloLife life, Opening opening, SiloClock time) => Readiness(life.MayGrant(time.Now()), opening.IsDone));
        return new SiloHost(app, database);
    }

    /// <summary>Joins the cluster.</summary>
    /// <exception cref="EngineException">A silo is at work in the database beside which this one must not be.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        var roll = _app.Services.GetRequiredService<Roll>();
        await roll.EnterAsync(cancellation);
        await roll.KeepWhileAsync(_app.StartAsync(cancellation), cancellation);
    }

    /// <summary>Leaves it in good order: what this silo owns is handed over.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        await _app.Services.GetRequiredService<Leaving>().RunAsync();
        // While it is a member: of one that is none, others take what it has for lost.
        await _app.Services.GetRequiredService<ShardRegistry>().CloseAllAsync();
        await await Task.WhenAny(_app.StopAsync(cancellation), Task.Delay(LongestEnding, TimeProvider.System, cancellation));
        await _app.Services.GetRequiredService<Roll>().LeaveAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static IResult Readiness(bool isMember, bool hasOpened) => (isMember, hasOpened) switch
    {
        (true, true) => Results.Text("ready\n"),
        (false, _) => Results.Text("not known to be a member of its cluster\n", statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => Results.Text("buckets are without an owner yet\n", statusCode: StatusCodes.Status503ServiceUnavailable),
    };

    private static void AddServices(IServiceCollection services, SiloOptions options, PostgresEngine database, TimeProvider clock)
    {
        services.AddSingleton<IHostLifetime, QuietLifetime>();
        services.AddSingleton<IEngine>(database).AddSingleton(database.Shards).AddSingleton(options.Cluster).AddSingleton(new SiloClock(clock));
        services.AddSingleton<Membership>().AddSingleton<Roll>().AddSingleton<IShardPeers, DeskPeers>().AddSingleton<ShardRegistry>().AddSingleton<SiloLife>().AddSingleton<EdgeCount>().AddSingleton<Opening>().AddSingleton<Moving>().AddSingleton<Leaving>();
    }

    private static void Configure(ISiloBuilder silo, SiloOptions options)
    {
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.Cluster.Cluster, "drizzle"));
        if (options.Cluster.LocalGateway is null) silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", options.Cluster.MembersConnectionString));
        else silo.UseDevelopmentClustering(primarySiloEndpoint: null);
        if (options.Cluster.Tls is { } tls)
        {
            silo.Configure<SiloConnectionOptions>(o =>
            {
                o.ConfigureSiloInboundConnection(connections => TlsTransport.Accept(connections, tls));
                o.ConfigureSiloOutboundConnection(connections => TlsTransport.Connect(connections, tls));
                o.ConfigureGatewayInboundConnection(connections => TlsTransport.Accept(connections, tls));
            });
        }
        silo.ConfigureEndpoints(options.Address, options.Port, options.Gateway, listenOnAnyHostAddress: false);
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            (o.ProbeTimeout, o.MaxProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (ProbeTimeout, LongestProbe, MissedProbes, Votes);
            (o.IAmAliveTablePublishTimeout, o.NumMissedTableIAmAliveLimit, o.TableRefreshTimeout) = (AliveEvery, MissedAlive, RefreshEvery);
        });
        silo.Configure<SiloMessagingOptions>(o => o.ClientGatewayShutdownNotificationTimeout = ClientsLeaveIn);
        // As Orleans has it unless it is told otherwise; what a rolling upgrade does is not left to that.
        silo.Configure<GrainVersioningOptions>(o => (o.DefaultCompatibilityStrategy, o.DefaultVersionSelectorStrategy) = (nameof(BackwardCompatible), nameof(AllCompatibleVersions)));
        silo.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>().AddPlacementDirector<NumberPlacement, NumberPlacementDirector>();
        silo.AddGrainDirectory(NoDirectory.Name, (_, _) => new NoDirectory());
        silo.Services.AddSingleton<IFatalErrorHandler, Departure>();
        silo.AddIncomingGrainCallFilter<CallFailures>();
        // They begin when the silo is a member, and end before it is none.
        silo.Services.AddHostedService(services => services.GetRequiredService<SiloLife>());
        silo.Services.AddHostedService(services => services.GetRequiredService<EdgeCount>());
        if (options.OpensAhead) silo.Services.AddHostedService(services => services.GetRequiredService<Opening>());
        silo.Services.AddHostedService<Forgetting>();
    }
}
