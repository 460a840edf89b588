using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>The configuration as the silos push it. A push that does not go on from where this is shows that one was lost, and so does each renewal of the subscription: its answer has what was missed.</summary>
internal sealed class SiloConfigFeed(SiloConnection silos, TimeProvider clock) : IConfigFeed
{
    private const int MostWaiting = 64;

    // Well before half of what a subscription lasts.
    private static readonly TimeSpan RenewEvery = IConfigurationGrain.Lasts / 3;

    private static readonly (ConfigPosition, ConfigBatch) SomethingIsMissing = (ConfigPosition.Start, new ConfigBatch(ConfigPosition.Start, false, []));

    private readonly ConcurrentDictionary<ChannelWriter<(ConfigPosition Since, ConfigBatch Batch)>, bool> _subscriptions = new();

    /// <summary>Something was committed that was not pushed here.</summary>
    public void Renew()
    {
        foreach (var (subscription, _) in _subscriptions) subscription.TryWrite(SomethingIsMissing);
    }

    public async IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var pushed = Channel.CreateBounded<(ConfigPosition Since, ConfigBatch Batch)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
        // Silos know it weakly; this is what keeps it.
        var observer = new Observer(pushed.Writer);
        _subscriptions[pushed.Writer] = true;
        var reference = silos.Grains.CreateObjectReference<IConfigurationObserver>(observer);
        try
        {
            var (position, isFirst) = (since, true);
            while (true)
            {
                var missed = await silos.CallAsync(grains => grains.GetGrain<IConfigurationGrain>(0).SubscribeAsync(reference, position), cancellation);
                if (isFirst || missed.Position != position) yield return missed;
                (position, isFirst) = (missed.Position, false);
                using var renewsAt = new CancellationTokenSource(RenewEvery, clock);
                using var renewal = CancellationTokenSource.CreateLinkedTokenSource(cancellation, renewsAt.Token);
                while (await NextAsync(pushed.Reader, renewal.Token) is { } push)
                {
                    if (push.Batch.Position.Epoch == position.Epoch && push.Batch.Position.Revision <= position.Revision) continue;
                    if (push.Since != position) break;
                    yield return push.Batch;
                    position = push.Batch.Position;
                }
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            _subscriptions.TryRemove(pushed.Writer, out _);
            _ = UnsubscribeAsync(reference);
            GC.KeepAlive(observer);
        }
    }

    private async Task UnsubscribeAsync(IConfigurationObserver reference)
    {
        try
        {
            await silos.CallAsync(grains => grains.GetGrain<IConfigurationGrain>(0).UnsubscribeAsync(reference), CancellationToken.None);
        }
        catch (EngineException)
        {
            // It ends by itself.
        }
        silos.Grains.DeleteObjectReference<IConfigurationObserver>(reference);
    }

    /// <returns>Null where nothing came until the token ended the wait.</returns>
    private static async ValueTask<(ConfigPosition Since, ConfigBatch Batch)?> NextAsync(ChannelReader<(ConfigPosition Since, ConfigBatch Batch)> reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private sealed class Observer(ChannelWriter<(ConfigPosition Since, ConfigBatch Batch)> pushed) : IConfigurationObserver
    {
        public Task ChangedAsync(ConfigPosition since, ConfigBatch batch)
        {
            // One that does not fit is missing in the order of the next, and is asked for then.
            pushed.TryWrite((since, batch));
            return Task.CompletedTask;
        }
    }
}
