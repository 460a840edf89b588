using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>Is told of each change of the configuration, as it is committed.</summary>
[Alias("drizzle.configuration.observer"), Version(1)]
public interface IConfigurationObserver : IGrainObserver
{
    /// <param name="since">The position that the batch goes on from; whoever is elsewhere has missed something, and subscribes anew.</param>
    [Alias("changed")]
    Task ChangedAsync(ConfigPosition since, ConfigBatch batch);
}

/// <summary>Orders what is written, and pushes it to who has subscribed. There is one, whose key is 0.</summary>
[Alias("drizzle.configuration"), Version(1)]
public interface IConfigurationGrain : IGrainWithIntegerKey
{
    /// <summary>A subscription lasts so long; it is renewed before half of that.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);

    /// <summary>Subscribes, or renews a subscription.</summary>
    /// <returns>What was missed since then; the whole state where the epoch is another.</returns>
    [Alias("subscribe"), ResponseTimeout("00:00:30")]
    Task<ConfigBatch> SubscribeAsync(IConfigurationObserver observer, ConfigPosition since);

    [Alias("unsubscribe")]
    Task UnsubscribeAsync(IConfigurationObserver observer);

    /// <summary>As <see cref="IConfigStore.WritePlatformAsync"/>.</summary>
    [Alias("write-platform"), ResponseTimeout("00:00:15")]
    Task<WriteOutcomeWire> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author);
}
