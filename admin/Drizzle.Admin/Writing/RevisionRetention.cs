using Drizzle.Contracts.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drizzle.Admin.Writing;

/// <summary>Forgets what was superseded long ago, at the start and every hour; nothing where history is kept for ever.</summary>
internal sealed partial class RevisionRetention(IConfigStore store, AdminOptions options, TimeProvider clock, ILogger<RevisionRetention> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.KeepRevisions is not { } keep) return;
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                var forgotten = await store.ForgetRevisionsAsync(clock.GetUtcNow() - keep, stoppingToken);
                if (forgotten > 0) LogForgotten(log, forgotten, keep);
            }
            catch (EngineException e)
            {
                LogFailed(log, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Forgot {Count} revisions that were superseded more than {Keep} ago.")]
    private static partial void LogForgotten(ILogger logger, long count, TimeSpan keep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old revisions cannot be forgotten now, and are tried again in an hour: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
