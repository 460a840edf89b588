using Drizzle.Contracts.Model;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo.Buckets;
using Drizzle.Silo.Members;
using Orleans.Concurrency;

namespace Drizzle.Silo.Configuration;

/// <summary>
/// Follows the feed of the database and pushes it to all who have subscribed, to each by itself. A push may be lost, and this grain may for a moment be there
/// twice: positions tell who listens what is new, what is known and what was missed.
/// </summary>
[GrainType("drizzle.configuration"), KeepAlive, Reentrant, NumberPlacement]
internal sealed class ConfigurationGrain(IEngine database, Membership members, SiloClock clock) : Grain, IConfigurationGrain
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<IConfigurationObserver, long> _observers = [];
    private ConfigPosition _position;
    private CancellationTokenRegistration _whenSiloEnds;
    private Task _following = Task.CompletedTask;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await CallFailures.AsSentenceAsync(async () => _position = await database.Store.PositionAsync(cancellationToken));
        _following = FollowAsync();
        if (!members.Ending.IsCancellationRequested) _whenSiloEnds = members.Ending.UnsafeRegister(_ => MigrateOnIdle(), null);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        await _following;
        _ending.Dispose();
        _whenSiloEnds.Dispose();
        // Who listens subscribes anew, at the next activation.
        foreach (var (observer, _) in _observers) observer.ChangedAsync(ConfigPosition.Start, new(ConfigPosition.Start, false, [])).Ignore();
    }

    public async Task<ConfigBatch> SubscribeAsync(IConfigurationObserver observer, ConfigPosition since)
    {
        // Known from now on, so that what is committed while the rest is read is pushed, perhaps twice.
        _observers[observer] = clock.Now() + (IConfigurationGrain.Lasts.Ticks * 100);
        await foreach (var batch in database.Feed.SubscribeAsync(since, CancellationToken.None)) return batch;
        throw new EngineException("The feed has ended.");
    }

    public Task UnsubscribeAsync(IConfigurationObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    public async Task<WriteOutcomeWire> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author) =>
        WriteOutcomeWire.Of(await database.Store.WritePlatformAsync(expected, platform, author, CancellationToken.None));

    private async Task FollowAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in database.Feed.SubscribeAsync(_position, _ending.Token)) Push(batch);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The database is away; who listens goes on with what it has.
                await clock.Clock.PauseAsync(RetryEvery, _ending.Token);
            }
        }
    }

    private void Push(ConfigBatch batch)
    {
        var since = _position;
        _position = batch.Position;
        if (batch.Position == since) return;
        var now = clock.Now();
        foreach (var (observer, until) in _observers)
        {
            if (until < now) _observers.Remove(observer);
            else observer.ChangedAsync(since, batch).Ignore();
        }
    }
}
