using System.Text.Json.Serialization;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Telemetry;
using Drizzle.Edge.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Hosting;

/// <summary>What operators ask an edge, on a port of its own.</summary>
internal static class OperationsHost
{
    public static WebApplication Build(EdgeOptions options, EdgeIdentity identity, GatewayState state, PrometheusReader metrics, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(Listen.Parse(options.Operations));
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        app.Run(http => http.Request.Path.Value switch
        {
            "/healthz" => Text(http, StatusCodes.Status200OK, "alive\n"),
            "/readyz" => Ready(http, state, clock),
            "/metrics" => Metrics(http, metrics),
            "/status" => http.Response.WriteAsJsonAsync(Status(identity, state), StatusJson.Default.EdgeStatusPage),
            _ => Text(http, StatusCodes.Status404NotFound, "Here are /healthz, /readyz, /metrics and /status.\n"),
        });
        return app;
    }

    private static Task Ready(HttpContext http, GatewayState state, TimeProvider clock) => state switch
    {
        { IsDraining: true } => Text(http, StatusCodes.Status503ServiceUnavailable, "draining\n"),
        { IsReady: false } => Text(http, StatusCodes.Status503ServiceUnavailable, "no configuration yet\n"),
        _ when clock.GetTimestamp() > state.StaleAt => Text(http, StatusCodes.Status503ServiceUnavailable, "out of touch with the engine for too long\n"),
        { IsListening: false } => Text(http, StatusCodes.Status503ServiceUnavailable, "not listening yet\n"),
        _ => Text(http, StatusCodes.Status200OK, "ready\n"),
    };

    private static Task Metrics(HttpContext http, PrometheusReader metrics)
    {
        var isOpenMetrics = PrometheusReader.WantsOpenMetrics(http.Request.Headers.Accept.ToString());
        http.Response.ContentType = PrometheusReader.ContentType(isOpenMetrics);
        return http.Response.WriteAsync(metrics.Write(isOpenMetrics));
    }

    private static Task Text(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(text);
    }

    private static EdgeStatusPage Status(EdgeIdentity identity, GatewayState state) => new(
        identity.Id, identity.Version, identity.StartedAt, state.IsReady && state.IsListening, state.IsDraining, state.Position.Epoch, state.Position.Revision, state.Index.Slots.Count, state.Refused);
}

internal sealed record EdgeStatusPage(
    string Id, string Version, DateTimeOffset StartedAt, bool Ready, bool Draining, string Epoch, long Revision, int Tenants, IReadOnlyList<RefusedRevision> Refused);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EdgeStatusPage))]
internal sealed partial class StatusJson : JsonSerializerContext;
