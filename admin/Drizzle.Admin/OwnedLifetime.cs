using Microsoft.Extensions.Hosting;

namespace Drizzle.Admin;

/// <summary>Leaves the process's signals to whoever started the host.</summary>
public sealed class OwnedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
