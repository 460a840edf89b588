using Microsoft.Extensions.Hosting;

namespace Drizzle.Engine.Orleans;

/// <summary>Leaves signals to whoever runs the host: it is a part of a process.</summary>
public sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
