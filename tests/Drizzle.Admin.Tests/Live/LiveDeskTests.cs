using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Drizzle.Admin.Live;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Traffic;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Drizzle.Admin.Tests.Live;

[TestClass]
public sealed class LiveDeskTests
{
    private readonly FakeClock _clock = new();
    private readonly CountedTraffic _traffic = new();
    private readonly LiveDesk _desk;

    public LiveDeskTests()
    {
        var json = new JsonOptions();
        AdminJson.Configure(json.SerializerOptions);
        // Of the other ports nothing is asked here.
        _desk = new LiveDesk(new LiveSources(_traffic, null!, null!, null!, null!, Options.Create(json), _clock), _clock, NullLogger<LiveDesk>.Instance);
    }

    [TestMethod]
    public async Task However_many_look_it_is_read_once_each_time()
    {
        await using var first = new Looker(_desk, "health");
        await using var second = new Looker(_desk, "health");
        await first.SeesAsync(1);
        await second.SeesAsync(1);
        for (var reading = 2; reading <= 4; reading++)
        {
            await AdvanceAsync(reading);
            await first.SeesAsync(reading);
            await second.SeesAsync(reading);
        }
        Assert.AreEqual(4, _traffic.Readings);
    }

    [TestMethod]
    public async Task When_nobody_looks_any_more_nothing_is_read_after_a_while()
    {
        await using (var looker = new Looker(_desk, "health")) await looker.SeesAsync(1);
        await Eventually.TrueAsync(
            () =>
            {
                // Ten seconds and more: what is read meanwhile is for whoever comes back at once.
                _clock.Advance(TimeSpan.FromSeconds(11));
                var before = _traffic.Readings;
                _clock.Advance(TimeSpan.FromMinutes(1));
                return _traffic.Readings == before;
            },
            "it ends");
        await using var next = new Looker(_desk, "health");
        await next.SeesAsync(1);
    }

    [TestMethod]
    public async Task What_cannot_be_read_is_said_and_then_goes_on()
    {
        _traffic.Fault = "the engine is away";
        await using var looker = new Looker(_desk, "health");
        var (name, data) = await looker.NextAsync();
        Assert.AreEqual(("away", "the engine is away"), (name, JsonDocument.Parse(data).RootElement.GetProperty("detail").GetString()));
        _traffic.Fault = null;
        await AdvanceAsync(2);
        Assert.AreEqual("health", (await looker.NextAsync()).Name);
    }

    [TestMethod]
    public async Task A_fault_is_said_too_and_ends_nothing()
    {
        _traffic.Fails = true;
        await using var looker = new Looker(_desk, "health");
        Assert.AreEqual("away", (await looker.NextAsync()).Name);
        _traffic.Fails = false;
        await AdvanceAsync(2);
        Assert.AreEqual("health", (await looker.NextAsync()).Name);
    }

    [TestMethod]
    public async Task A_view_ends_after_a_minute()
    {
        await using var looker = new Looker(_desk, "health");
        await looker.SeesAsync(1);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await looker.EndsAsync();
    }

    [TestMethod]
    public void Only_so_many_may_look_and_no_tenant_takes_the_places_of_the_others()
    {
        for (var i = 0; i < LiveDesk.MostOfTenant; i++) Assert.IsTrue(_desk.TryEnter("acme"));
        Assert.IsFalse(_desk.TryEnter("acme"));
        for (var i = LiveDesk.MostOfTenant; i < LiveDesk.MostViews; i++) Assert.IsTrue(_desk.TryEnter($"tenant-{i}"));
        Assert.IsFalse(_desk.TryEnter("other"));
        Assert.IsTrue(_desk.TryEnter(null));
        _desk.Leave("acme");
        Assert.IsTrue(_desk.TryEnter("other"));
        Assert.IsFalse(_desk.TryEnter("acme"));
    }

    /// <summary>Moves the clock until there is this reading; the loop that reads may not wait for the clock yet.</summary>
    private Task AdvanceAsync(int reading) => Eventually.TrueAsync(
        () =>
        {
            if (_traffic.Readings < reading) _clock.Advance(TimeSpan.FromMilliseconds(100));
            return _traffic.Readings >= reading;
        },
        $"reading {reading}");

    private sealed class CountedTraffic : ITraffic
    {
        private int _readings;

        public volatile string? Fault;
        public volatile bool Fails;

        public int Readings => Volatile.Read(ref _readings);

        public ValueTask ReportAsync(TrafficReport report, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask ForgetAsync(string tenant, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<KnownTraffic> ReadAsync(string tenant, CancellationToken cancellation)
        {
            var reading = Interlocked.Increment(ref _readings);
            if (Fails) throw new InvalidOperationException("a fault");
            if (Fault is { } fault) throw new EngineException(fault);
            return new(new KnownTraffic([], [new("edge-1", FakeClock.Start, FakeClock.Start, new ServiceHealth($"service-{reading}", null, []))]));
        }
    }

    /// <summary>Who looks at tenant acme.</summary>
    private sealed class Looker : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly BlockingCollection<(string Name, string Data)> _events = [];
        private readonly Task _looking;
        private int _seen;

        public Looker(LiveDesk desk, string topic) => _looking = LookAsync(desk.FollowAsync("acme", [topic], _ending.Token));

        public async Task<(string Name, string Data)> NextAsync()
        {
            (string Name, string Data) next = default;
            await Eventually.TrueAsync(() => _events.TryTake(out next), "an event comes");
            return next;
        }

        /// <summary>As many readings as this have come.</summary>
        public Task SeesAsync(int readings) => Eventually.TrueAsync(() => Volatile.Read(ref _seen) >= readings, $"{readings} events come");

        public Task EndsAsync() => _looking.Soon();

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await _looking;
            _ending.Dispose();
            _events.Dispose();
        }

        private async Task LookAsync(IAsyncEnumerable<SseItem<byte[]>> events)
        {
            await foreach (var item in events)
            {
                _events.Add((item.EventType, Encoding.UTF8.GetString(item.Data)));
                Interlocked.Increment(ref _seen);
            }
        }
    }
}
