using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Drizzle.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Cli.Sample;

/// <summary>The sample's upstream: both services on two ports, told apart by the path <c>/echo</c>.</summary>
internal static class SampleUpstream
{
    /// <summary>The first of its two ports, as sample.yaml names it; the other is the next.</summary>
    public const int UsualPort = 9001;

    private const string EchoPath = "/echo";

    public static string[] UrlsFrom(int port) => [$"http://127.0.0.1:{port}", $"http://127.0.0.1:{port + 1}"];

    public static WebApplication Build(int port, TimeProvider clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRouting().AddSingleton(clock).AddSingleton<IHostLifetime, OwnedLifetime>();
        var app = builder.Build();
        foreach (var url in UrlsFrom(port)) app.Urls.Add(url);
        app.UseWebSockets();
        app.MapGet("/healthz", () => TypedResults.Text("alive"));
        foreach (var prefix in (ReadOnlySpan<string>)["", EchoPath])
        {
            app.Map($"{prefix}/ws", EchoMessagesAsync);
            app.MapGet($"{prefix}/events", (CancellationToken cancellation) => TypedResults.ServerSentEvents(TickAsync(clock, cancellation), "tick"));
        }
        app.MapFallback("{**path}", Describe);
        return app;
    }

    private static JsonHttpResult<SampleAnswer> Describe(HttpContext context)
    {
        var request = context.Request;
        var service = request.Path.StartsWithSegments(EchoPath, StringComparison.Ordinal) ? "echo" : "orders";
        return TypedResults.Json(new(service, context.Connection.LocalPort, request.Method, request.Path.Value ?? "/", request.Headers.Count), SampleJson.Default.SampleAnswer);
    }

    private static async IAsyncEnumerable<string> TickAsync(TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        for (var i = 1; ; i++)
        {
            yield return $"{i}";
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private static async Task EchoMessagesAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (part.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
