using Drizzle.Benchmarks.Machine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;

namespace Drizzle.Benchmarks.Targets;

/// <summary>YARP as it comes, with one route and one destination: what Drizzle is compared with.</summary>
internal static class BareYarp
{
    public static Target Start(string name, int port, string origin) =>
        new(name, port, ChildProcess.Start(Cores.On(Cores.Proxy, Installation.ThisProgram, "bare-yarp", port.ToString(), origin), DotNetSettings.Bare()));

    /// <summary>What the child process does, until its standard input ends or it is told to stop.</summary>
    public static async Task<int> ServeAsync(int port, string origin)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "origin", Match = new RouteMatch { Path = "{**rest}" } }],
            [new ClusterConfig { ClusterId = "origin", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = origin } } }]);
        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        await Task.WhenAny(app.WaitForShutdownAsync(), Installation.ParentLeftAsync());
        return 0;
    }
}
