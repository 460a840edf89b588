using Microsoft.Extensions.Hosting;

namespace Drizzle.Edge.Hosting;

/// <summary>Leaves signals to whoever runs the host, which drains before it stops.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
