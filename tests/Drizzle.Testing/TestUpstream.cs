using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Drizzle.Testing;

/// <summary>One request as an upstream saw it.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string Protocol);

/// <summary>A real upstream on a free port of the loopback. Remembers what it saw and answers what it is told to.</summary>
public sealed class TestUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestUpstream(WebApplication app) => _app = app;

    public string Url { get; private set; } = "";

    public ConcurrentQueue<SeenRequest> Seen { get; } = new();

    /// <summary>The default answers 200 with the target as its body.</summary>
    public RequestDelegate Answer { get; set; } = http => http.Response.WriteAsync(http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "");

    public static async Task<TestUpstream> StartAsync(HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port, l => l.Protocols = protocols));
        var app = builder.Build();
        var upstream = new TestUpstream(app);
        app.UseWebSockets();
        app.Run(upstream.HandleAsync);
        await app.StartAsync();
        upstream.Url = app.Urls.First();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var body = "";
        if (!http.WebSockets.IsWebSocketRequest && http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        }
        Seen.Enqueue(new SeenRequest(
            http.Request.Method, http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "",
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body, http.Request.Protocol));
        await Answer(http);
    }
}
