using System.Security.Cryptography.X509Certificates;
using Drizzle.Edge.Access;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Upstreams;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Hosting;

/// <summary>The public server: Kestrel's limits, the listeners, and the pipeline behind them.</summary>
internal static class GatewayServer
{
    public static WebApplication Build(EdgeOptions options, IEngine engine, GatewayState state, EdgeMetrics metrics, TimeProvider clock)
    {
        // Kestrel takes a bare LF as the end of a header line unless it is told not to; a destination may not.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var priorKnowledge = new PriorKnowledge(clock, options.HeadTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Configure(kestrel, options, priorKnowledge));
        builder.Services.AddSingleton<IConnectionListenerFactory>(priorKnowledge);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Logging.AddSimpleConsole().AddFilter("Yarp", LogLevel.None).AddFilter("Microsoft", LogLevel.Error).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddReverseProxy();
        builder.Services
            .AddSingleton(clock).AddSingleton(engine.Buckets).AddSingleton(engine.Feed).AddSingleton(state).AddSingleton(metrics)
            .AddSingleton<RequestLimits>().AddSingleton<Authentication>().AddSingleton<ForwardStage>()
            .AddSingleton<ClientPool>().AddSingleton<SnapshotCompiler>().AddSingleton<ActiveProbes>().AddSingleton<ConfigFollower>()
            .AddSingleton(services => new RequestLog(metrics, services.GetRequiredService<AccessLogSource>().Log, clock))
            .AddSingleton(services => new AccessLogSource(AccessLog.Open(options, metrics, clock, services.GetRequiredService<ILogger<AccessLog>>())))
            .AddSingleton<Pipeline>();
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<Pipeline>().HandleAsync);
        return app;
    }

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
            listen.UseHttps(Certificate(options));
        });
    }

    private static HttpsConnectionAdapterOptions Certificate(EdgeOptions options)
    {
        if (options.CertificateFile is not { } file || options.CertificateKeyFile is not { } key)
        {
            throw new FormatException("Drizzle__Edge__Https wants Drizzle__Edge__CertificateFile and Drizzle__Edge__CertificateKeyFile, two PEM files.");
        }
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        return new HttpsConnectionAdapterOptions { ServerCertificate = X509Certificate2.CreateFromPemFile(file, key), ServerCertificateChain = chain };
    }
}

/// <summary>Holds the access log, or none: a container cannot hold null.</summary>
internal sealed record AccessLogSource(AccessLog? Log);
