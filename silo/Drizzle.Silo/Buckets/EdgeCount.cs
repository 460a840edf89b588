using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Microsoft.Extensions.Hosting;

namespace Drizzle.Silo.Buckets;

/// <summary>How many edges run, as was last known.</summary>
internal sealed class EdgeCount(IEngine database, SiloClock clock) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private volatile int _value = 1;

    public int Value => _value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
        {
            try
            {
                _value = Math.Max(1, (await database.Edges.ListAsync(stoppingToken)).Count(e => e.IsLive));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // As many as before.
            }
        }
        while (await clock.Clock.PauseAsync(LookEvery, stoppingToken));
    }
}
