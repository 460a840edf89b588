using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>What admins look at live: server-sent events of what the edges of all processes see.</summary>
[TestClass]
public sealed class LiveTests
{
    [TestMethod]
    public async Task Requests_through_two_edges_are_seen_live_and_an_edge_that_falls_silent_is_shown_as_such()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.UpAsync(edges: 2, upstream.Url);
        await using var tenant = new View(cluster, "/v1/tenants/acme/live?of=traffic,limits");
        await using var platform = new View(cluster, "/v1/live");
        var (_, first) = await tenant.UntilAsync("traffic", _ => true);
        Assert.AreEqual(0, first.GetProperty("perSecond").GetDouble());

        foreach (var edge in cluster.Edges)
        {
            for (var i = 0; i < 20; i++) Assert.AreEqual(200, await edge.StatusOfAsync("/acme/open/1", null));
        }
        var (_, traffic) = await tenant.UntilAsync("traffic", t => t.GetProperty("routes").EnumerateArray().Any(r => r.GetProperty("requests").GetInt64() == 40));
        Assert.IsGreaterThan(0, traffic.GetProperty("perSecond").GetDouble());
        Assert.AreEqual(2, traffic.GetProperty("edges").GetInt32());
        Assert.IsGreaterThan(0, traffic.GetProperty("p99Ms").GetDouble());
        var listed = (await cluster.Api.GetAsync("/v1/tenants/acme/traffic")).IsDone().Body;
        Assert.AreEqual(40, listed[0].GetProperty("requests").GetInt64());

        await platform.UntilAsync("edges", e => e.GetProperty("edges").EnumerateArray().Count(x => x.GetProperty("live").GetBoolean()) == 2);
        await cluster.Edges[1].Program.KillAsync();
        await platform.UntilAsync("edges", e => e.GetProperty("edges").EnumerateArray().Select(x => x.GetProperty("live").GetBoolean()).Order().SequenceEqual([false, true]));

        await cluster.Postgres.CrashAsync();
        var (_, away) = await tenant.UntilAsync("away", _ => true);
        Assert.AreNotEqual("", away.GetProperty("detail").GetString());
        await cluster.Postgres.RunAsync();
        await tenant.UntilAsync("traffic", _ => true);
    }

    [TestMethod]
    public async Task Only_what_there_is_can_be_looked_at_and_only_by_whom_it_is_for()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""")).IsDone();
        (await drizzle.Api.GetAsync("/v1/tenants/acme/live?of=traffic,secrets")).Is(422, "invalid");
        (await drizzle.Api.GetAsync("/v1/tenants/acme/live?of=")).Is(422, "invalid");
        (await drizzle.Api.GetAsync("/v1/tenants/nobody/live")).Is(404, "not-found");
        (await drizzle.Api.GetAsync("/v1/tenants/nobody/traffic")).Is(404, "not-found");
        using var stranger = new AdminApi(drizzle.Environment["DRIZZLE_ADMIN"], null);
        (await stranger.GetAsync("/v1/tenants/acme/live")).Is(401, "unauthenticated");
    }

    /// <summary>One who looks; opens the next stream where one ends.</summary>
    private sealed class View : IAsyncDisposable
    {
        private readonly HttpClient _http;
        private readonly CancellationTokenSource _ending = new();
        private readonly IAsyncEnumerator<(string Name, JsonElement Data)> _events;

        public View(Cluster cluster, string path)
        {
            _http = new HttpClient { BaseAddress = new Uri(cluster.Admin.Environment["DRIZZLE_ADMIN"]) };
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Token);
            _events = ReadAsync(path).GetAsyncEnumerator();
        }

        /// <summary>The first event of this name for which it holds.</summary>
        public async Task<(string Name, JsonElement Data)> UntilAsync(string name, Func<JsonElement, bool> holds)
        {
            var startedAt = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(startedAt) < Eventually.Patience && await _events.MoveNextAsync().AsTask().WaitAsync(Eventually.Patience))
            {
                if (_events.Current.Name == name && holds(_events.Current.Data)) return _events.Current;
            }
            throw new AssertFailedException($"No such event came: {name}.");
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await _events.DisposeAsync();
            _http.Dispose();
            _ending.Dispose();
        }

        private async IAsyncEnumerable<(string Name, JsonElement Data)> ReadAsync(string path)
        {
            while (true)
            {
                using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, _ending.Token);
                // It is asked for anew once a minute, which may be while the engine is away.
                if (!answer.IsSuccessStatusCode) continue;
                await using var stream = await answer.Content.ReadAsStreamAsync(_ending.Token);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(_ending.Token)) yield return (item.EventType, JsonElement.Parse(item.Data));
            }
        }
    }
}
