using System.Net.Security;
using Drizzle.Edge.Access;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Drizzle.Edge.Usage;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Drizzle.Edge.Hosting;

/// <summary>The public server: Kestrel's limits, the listeners, and the pipeline behind them.</summary>
internal static class GatewayServer
{
    public static IHost Build(EdgeOptions options, IEngine engine, EdgeIdentity identity, GatewayState state, LeasedBuckets? leased, QuotaDesk quotas, EdgeMetrics metrics, TimeProvider clock)
    {
        // Kestrel takes a bare LF as the end of a header line unless it is told not to; a destination may not.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        var priorKnowledge = new PriorKnowledge(clock, options.HeadTimeout);
        // A plain host: WebApplication puts authorization before the pipeline as soon as YARP's services are there.
        return new HostBuilder()
            .ConfigureLogging(logging => logging
                .AddSimpleConsole().SetMinimumLevel(LogLevel.Warning)
                // That it cannot start is thrown to whoever starts it, who says so in a sentence.
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
                .AddFilter("Yarp", LogLevel.None).AddFilter("Microsoft", LogLevel.Error).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None))
            .ConfigureWebHost(web => web
                .UseKestrelCore().UseKestrelHttpsConfiguration()
                .UseSockets(sockets => sockets.UnsafePreferInlineScheduling = SocketCompletions.AreInline)
                .ConfigureKestrel(kestrel => Configure(kestrel, options, priorKnowledge))
                .Configure(app => app.Run(app.ApplicationServices.GetRequiredService<Pipeline>().HandleAsync)))
            .ConfigureServices(services =>
            {
                services.AddReverseProxy();
                if (options.Cache is { } folder) services.AddSingleton(s => new ConfigCache(folder, clock, s.GetRequiredService<ILogger<ConfigCache>>()));
                // For an affinity of YARP's that is not used here; it would load XML and write keys into the user's home.
                foreach (var service in services.Where(s => s.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true && s.ServiceType == typeof(IHostedService)).ToList()) services.Remove(service);
                services
                    .Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout)
                    .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
                    .AddSingleton<IConnectionListenerFactory>(priorKnowledge).AddSingleton<IHostLifetime, QuietLifetime>()
                    .AddSingleton(clock).AddSingleton(state).AddSingleton(metrics)
                    .AddSingleton<OpenRequests>().AddSingleton<ConcurrencyGates>().AddSingleton(s => new RequestLimits(engine.Buckets, leased, quotas, s.GetRequiredService<ConcurrencyGates>(), metrics, clock)).AddSingleton(new TokenMemory(TokenMemory.Most)).AddSingleton(s => new TokenGate(s.GetRequiredService<TokenMemory>(), TokenChecks.Full, clock)).AddSingleton<Authentication>().AddSingleton<Authorization>().AddSingleton<ForwardStage>()
                    .AddSingleton(new ClientPool(state, options.AllowsLoopback ?? !engine.IsShared)).AddSingleton(new SecretSource(Environment.GetEnvironmentVariable, options.MasterKeys, clock)).AddSingleton<KeySources>().AddSingleton(s => metrics.Watched(new ServerCertificates(options.Https is not null, clock, s.GetRequiredService<ILogger<CertificateFile>>()))).AddSingleton<SnapshotCompiler>().AddSingleton<ActiveProbes>().AddSingleton<ConfigFollower>().AddSingleton(s => new Heartbeat(identity, options, engine.Edges, state, s.GetRequiredService<OpenRequests>(), s.GetService<ConfigCache>(), clock))
                    .AddSingleton(s => FeedOf(options, engine, s)).AddSingleton(s => new TrafficReporter(identity, engine.Traffic, state, clock, s.GetRequiredService<ILogger<TrafficReporter>>()))
                    .AddSingleton(s => new UsageDesk(engine.Usage, identity.Id, options.UsageFolder ?? options.Cache, metrics, clock, s.GetRequiredService<ILogger<UsageDesk>>()))
                    .AddSingleton(s => new RequestLog(metrics, s.GetRequiredService<UsageDesk>(), s.GetRequiredService<AccessLogSource>().Log, clock))
                    .AddSingleton(s => new AccessLogSource(AccessLog.Open(options, metrics, clock, s.GetRequiredService<ILogger<AccessLog>>())))
                    .AddSingleton<Pipeline>();
            })
            .Build();
    }

    private static IConfigFeed FeedOf(EdgeOptions options, IEngine engine, IServiceProvider services) => services.GetService<ConfigCache>() is { } cache
        ? new CachedFeed(engine.Feed, cache, options.MaxStaleness, services.GetRequiredService<GatewayState>(), services.GetRequiredService<TimeProvider>())
        : engine.Feed;

    private static void Configure(KestrelServerOptions kestrel, EdgeOptions options, PriorKnowledge priorKnowledge)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowResponseHeaderCompression = false;
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxConnections;
        kestrel.Limits.RequestHeadersTimeout = options.HeadTimeout;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 250;
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromMinutes(1);
        kestrel.Listen(Listen.Parse(options.Http), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(priorKnowledge.Middleware);
        });
        kestrel.Listen(priorKnowledge.EndPoint, listen => listen.Protocols = HttpProtocols.Http2);
        if (options.Https is not { } https) return;
        kestrel.Listen(Listen.Parse(https), listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            var handshake = new TlsHandshake(OwnCertificate(options, kestrel.ApplicationServices), kestrel.ApplicationServices.GetRequiredService<ServerCertificates>(), kestrel.ApplicationServices.GetRequiredService<GatewayState>());
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake.AnswerAsync, HandshakeTimeout = options.HeadTimeout });
        });
    }

    /// <summary>What is shown for hosts that have no certificate of their own.</summary>
    private static Func<SslStreamCertificateContext> OwnCertificate(EdgeOptions options, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        if (options.CertificateFile is { } file && options.CertificateKeyFile is { } key)
        {
            var own = new CertificateFile(file, key, clock, services.GetRequiredService<ILogger<CertificateFile>>());
            return () => own.Context;
        }
        if (!options.SelfSigned) throw new FormatException("Drizzle__Edge__Https wants Drizzle__Edge__CertificateFile and Drizzle__Edge__CertificateKeyFile, two PEM files; or, for development, Drizzle__Edge__SelfSigned=true.");
        var selfSigned = SelfSigned.Create(clock);
        return () => selfSigned;
    }
}

/// <summary>Holds the access log, or none: a container cannot hold null.</summary>
internal sealed record AccessLogSource(AccessLog? Log);
