using Drizzle.Contracts.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drizzle.Admin.Writing;

/// <summary>Forgets what is no longer to be kept, at the start and every hour: revisions, usage and events by the options, and quotas whose windows ended long ago.</summary>
internal sealed partial class Retention(IConfigStore store, IQuotaLedger quotas, IUsageLedger usage, IEventLog events, AdminOptions options, TimeProvider clock, ILogger<Retention> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        do
        {
            try
            {
                await ForgetAsync(stoppingToken);
            }
            catch (EngineException e)
            {
                LogFailed(log, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ForgetAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (options.KeepRevisions is { } keep && await store.ForgetRevisionsAsync(now - keep, cancellation) is > 0 and var revisions) LogForgotten(log, revisions, "revisions", keep);
        if (await usage.ForgetAsync(DateOnly.FromDateTime((now - options.KeepUsage).UtcDateTime), cancellation) is > 0 and var rows) LogForgotten(log, rows, "rows of usage", options.KeepUsage);
        if (await events.ForgetAsync(now - options.KeepUsage, cancellation) is > 0 and var old) LogForgotten(log, old, "events", options.KeepUsage);
        await quotas.ForgetAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Forgot {Count} {What} that were older than {Keep}.")]
    private static partial void LogForgotten(ILogger logger, long count, string what, TimeSpan keep);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is old cannot be forgotten now, and is tried again in an hour: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
