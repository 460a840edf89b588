using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Drizzle.Contracts.Parallelism;
using Microsoft.Extensions.Logging;

namespace Drizzle.Admin.Live;

/// <summary>What people look at live: server-sent events, of topics that are read once however many look.</summary>
internal sealed class LiveDesk(LiveSources sources, TimeProvider clock, ILogger<LiveDesk> log)
{
    /// <summary>The most that look at tenants at once.</summary>
    public const int MostViews = 180;

    /// <summary>The most of these that look at one of them.</summary>
    public const int MostOfTenant = 40;

    /// <summary>The most that look at the platform at once.</summary>
    public const int MostOfPlatform = 20;

    // A view ends after this, and its page opens the next: whoever may no longer look is found out then.
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OpenAgain = TimeSpan.FromMilliseconds(500);

    // For whoever looks away for a moment, as each does once in a minute.
    private static readonly TimeSpan Lingers = TimeSpan.FromSeconds(10);

    private readonly Lock _changing = new();
    private readonly Dictionary<(string? Tenant, string Name), LiveTopic> _topics = [];
    private readonly Dictionary<string, int> _ofTenants = new(StringComparer.Ordinal);
    private int _ofPlatform;

    /// <summary>Takes a place among those that look.</summary>
    /// <param name="tenant">Null for the platform.</param>
    /// <returns>False where there is none.</returns>
    public bool TryEnter(string? tenant)
    {
        lock (_changing)
        {
            if (tenant is null)
            {
                if (_ofPlatform == MostOfPlatform) return false;
                _ofPlatform++;
                return true;
            }
            var views = _ofTenants.GetValueOrDefault(tenant);
            if (views >= MostOfTenant || _ofTenants.Values.Sum() >= MostViews) return false;
            _ofTenants[tenant] = views + 1;
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(string? tenant)
    {
        lock (_changing)
        {
            if (tenant is null) _ofPlatform--;
            else if (--_ofTenants[tenant] == 0) _ofTenants.Remove(tenant);
        }
    }

    /// <param name="tenant">Null for the platform.</param>
    /// <param name="names">Of topics that <see cref="LiveSources"/> has.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(string? tenant, IReadOnlyList<string> names, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var topics = names.Select(name => Join(tenant, name)).ToArray();
        try
        {
            var sent = new long[topics.Length];
            var end = Task.Delay(Lasts, clock, cancellation);
            while (!end.IsCompleted)
            {
                // Before the latest are looked at, so that none falls between.
                Task[] wakes = [end, .. topics.Select(t => t.Next)];
                for (var i = 0; i < topics.Length; i++)
                {
                    if (topics[i].Latest is not { } reading || reading.Number == sent[i]) continue;
                    sent[i] = reading.Number;
                    yield return new SseItem<byte[]>(reading.Data, reading.Event) { ReconnectionInterval = OpenAgain };
                }
                await Task.WhenAny(wakes);
            }
        }
        finally
        {
            foreach (var name in names) Leave(tenant, name);
        }
    }

    private LiveTopic Join(string? tenant, string name)
    {
        lock (_changing)
        {
            if (!_topics.TryGetValue((tenant, name), out var topic)) _topics[(tenant, name)] = topic = new LiveTopic(name, sources.Of(tenant, name), clock, log);
            topic.Viewers++;
            return topic;
        }
    }

    private void Leave(string? tenant, string name)
    {
        lock (_changing)
        {
            if (--_topics[(tenant, name)].Viewers > 0) return;
        }
        _ = EndAsync(tenant, name);
    }

    /// <summary>Ends a topic that nobody looks at for a while.</summary>
    private async Task EndAsync(string? tenant, string name)
    {
        await clock.PauseAsync(Lingers, CancellationToken.None);
        LiveTopic? topic;
        lock (_changing)
        {
            if (!_topics.TryGetValue((tenant, name), out topic) || topic.Viewers > 0) return;
            _topics.Remove((tenant, name));
        }
        await topic.DisposeAsync();
    }
}
