using System.Text.Json;
using System.Threading.Channels;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Reading;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Snapshots;

[TestClass]
public sealed class ConfigFollowerTests
{
    [TestMethod]
    public async Task A_document_that_does_not_compile_leaves_the_last_good_one_and_is_shown()
    {
        await using var upstream = await TestUpstream.StartAsync();
        using var folder = new TestFolder();
        await using var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url));

        await edge.ApplyAsync(Gateway.Open(upstream.Url, $", tls: {{ caFile: \"{folder.File("missing.pem")}\" }}", ", transforms: { stripPrefix: /x }"));

        using (var answer = await edge.GetAsync("/x/y")) Assert.AreEqual("/x/y", await answer.Content.ReadAsStringAsync(), "Nothing of the refused revision is in force.");
        var revision = (await edge.Engine.Store.PositionAsync(CancellationToken.None)).Revision;
        var shown = JsonDocument.Parse(await edge.OperationsAsync("/status")).RootElement.GetProperty("refused")[0];
        Assert.AreEqual(revision, shown.GetProperty("revision").GetInt64());
        Assert.AreEqual("acme", shown.GetProperty("scope").GetString());
        Assert.Contains("missing.pem", shown.GetProperty("reason").GetString() ?? "");
        var reported = (await edge.Engine.Edges.ListAsync(CancellationToken.None)).Single().Report;
        Assert.AreEqual(revision, reported.Refused.Single().Revision);

        await edge.ApplyAsync(Gateway.Open(upstream.Url, route: ", transforms: { stripPrefix: /x }"));
        using (var answer = await edge.GetAsync("/x/y")) Assert.AreEqual("/y", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(0, JsonDocument.Parse(await edge.OperationsAsync("/status")).RootElement.GetProperty("refused").GetArrayLength());
    }

    [TestMethod]
    public async Task Platform_settings_that_do_not_compile_leave_the_last_good_ones_and_the_edge_follows_on()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var fed = await FedEdge.StartAsync(Whole("a", 1, new ConfigChange.PlatformWritten(1, new Platform { TrustedProxies = ["127.0.0.1"] }), Tenant("acme", 1, upstream.Url)));

        await fed.PushAsync(new(new("a", 2), IsWhole: false, [new ConfigChange.PlatformWritten(2, new Platform { TrustedProxies = ["nonsense"] })]));
        await fed.PushAsync(new(new("a", 3), IsWhole: false, [Tenant("late", 3, upstream.Url, "late.test")]));

        Assert.AreEqual(200, await fed.StatusAsync("late.test"));
        var refused = JsonDocument.Parse(await fed.OperationsAsync("/status")).RootElement.GetProperty("refused")[0];
        Assert.AreEqual("", refused.GetProperty("scope").GetString());
    }

    [TestMethod]
    [DataRow("a", 3)]
    [DataRow("b", 3)]
    [DataRow("b", 90)]
    public async Task Another_epoch_or_a_lower_revision_replaces_the_whole_state(string epoch, int revision)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var fed = await FedEdge.StartAsync(Whole(
            "a", 10, new ConfigChange.PlatformWritten(8, new Platform { AddressLimit = new() { Rate = new(1, 'd'), Burst = 1 } }), Tenant("acme", 9, upstream.Url, "acme.test"), Tenant("gone", 10, upstream.Url, "gone.test")));
        Assert.AreEqual(200, await fed.StatusAsync("gone.test"));
        Assert.AreEqual(429, await fed.StatusAsync("gone.test"));

        await fed.PushAsync(Whole(epoch, revision, Tenant("acme", 2, upstream.Url, "moved.test"), Tenant("new", 3, upstream.Url, "new.test")));

        // The new state has no platform settings, so the default limit holds and its tokens come again by and by.
        foreach (var (host, expected) in new[] { ("moved.test", 200), ("new.test", 200), ("acme.test", 404), ("gone.test", 404) })
        {
            await Eventually.TrueAsync(async () => await fed.StatusAsync(host) == expected, $"{host} answered with {expected}");
        }
        var status = JsonDocument.Parse(await fed.OperationsAsync("/status")).RootElement;
        Assert.AreEqual(epoch, status.GetProperty("epoch").GetString());
        Assert.AreEqual(revision, status.GetProperty("revision").GetInt64());
    }

    [TestMethod]
    public async Task What_was_refused_in_a_state_that_is_gone_is_no_longer_shown()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var fed = await FedEdge.StartAsync(Whole("a", 2, Tenant("acme", 1, upstream.Url), new ConfigChange.Unreadable(2, "broken", "not JSON")));
        Assert.Contains("not JSON", await fed.OperationsAsync("/status"));
        await fed.PushAsync(Whole("b", 1, Tenant("acme", 1, upstream.Url)));
        Assert.DoesNotContain("not JSON", await fed.OperationsAsync("/status"));
    }

    [TestMethod]
    public async Task A_feed_that_breaks_is_taken_up_again_from_where_the_edge_is()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var fed = await FedEdge.StartAsync(Whole("a", 7, Tenant("acme", 1, upstream.Url)));
        fed.Feed.Break("the database went away");
        Assert.AreEqual(200, await fed.StatusAsync("acme.test"));
        await Eventually.TrueAsync(() => fed.Feed.Since.Count == 2, "a second subscription");
        Assert.AreEqual(new ConfigPosition("a", 7), fed.Feed.Since[1]);
        await fed.PushAsync(new(new("a", 8), IsWhole: false, [new ConfigChange.TenantDeleted(8, "acme")]));
        Assert.AreEqual(404, await fed.StatusAsync("acme.test"));
    }

    private static ConfigBatch Whole(string epoch, long revision, params ConfigChange[] changes) => new(new(epoch, revision), IsWhole: true, changes);

    private static ConfigChange Tenant(string slug, long revision, string url, string host = "acme.test")
    {
        var yaml = $$"""
            tenants: [{ slug: {{slug}}, policies: [{ name: all, cedar: 'permit(principal, action, resource);' }], hosts: [{{host}}], services: [{ slug: s, destinations: [{ url: "{{url}}" }] }], routes: [{ name: r, service: s, auth: none, match: { paths: [/**] } }] }]
            """;
        var file = ConfigurationReader.Read(yaml, _ => null, out var errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        return new ConfigChange.TenantWritten(revision, slug, new TenantDocument { Tenant = file.Tenants[0] });
    }

    /// <summary>An edge whose feed is in the test's hand.</summary>
    private sealed class FedEdge : IAsyncDisposable
    {
        private readonly TestFolder _folder;
        private readonly SqliteEngine _engine;
        private readonly EdgeHost _host;
        private readonly HttpClient _client = new(new SocketsHttpHandler());

        private FedEdge(TestFolder folder, SqliteEngine engine, HandFeed feed)
        {
            (_folder, _engine, Feed) = (folder, engine, feed);
            _host = EdgeHost.Create(new EdgeOptions { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0", DrainTimeout = TimeSpan.FromSeconds(1) }, new FedEngine(engine, feed), TimeProvider.System);
        }

        public HandFeed Feed { get; }

        public static async Task<FedEdge> StartAsync(ConfigBatch first)
        {
            var folder = new TestFolder();
            var fed = new FedEdge(folder, await SqliteEngine.OpenAsync(folder.Path, TimeProvider.System, CancellationToken.None), new HandFeed());
            fed.Feed.Push(first);
            await fed._host.StartAsync(CancellationToken.None).Soon();
            return fed;
        }

        public async Task PushAsync(ConfigBatch batch)
        {
            Feed.Push(batch);
            await Eventually.TrueAsync(async () =>
            {
                var status = JsonDocument.Parse(await OperationsAsync("/status")).RootElement;
                return new ConfigPosition(status.GetProperty("epoch").GetString() ?? "", status.GetProperty("revision").GetInt64()) == batch.Position;
            }, $"{batch.Position} in force");
        }

        public async Task<int> StatusAsync(string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _host.GatewayAddresses.First()) { Headers = { Host = host } };
            using var answer = await _client.SendAsync(request).Soon();
            return (int)answer.StatusCode;
        }

        public Task<string> OperationsAsync(string path) => _client.GetStringAsync(new Uri(new Uri(_host.OperationsAddresses.First()), path)).Soon();

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await _host.DrainAsync(CancellationToken.None);
            await _host.DisposeAsync();
            await _engine.DisposeAsync();
            _folder.Dispose();
        }
    }

    private sealed class HandFeed : IConfigFeed
    {
        private volatile Channel<ConfigBatch> _batches = Channel.CreateUnbounded<ConfigBatch>();

        public List<ConfigPosition> Since { get; } = [];

        public void Push(ConfigBatch batch) => _batches.Writer.TryWrite(batch);

        public void Break(string reason)
        {
            var broken = _batches;
            _batches = Channel.CreateUnbounded<ConfigBatch>();
            broken.Writer.Complete(new EngineException(reason));
        }

        public IAsyncEnumerable<ConfigBatch> SubscribeAsync(ConfigPosition since, CancellationToken cancellation)
        {
            Since.Add(since);
            return _batches.Reader.ReadAllAsync(cancellation);
        }
    }

    /// <summary>The engine itself ends with the test that opened it.</summary>
    private sealed class FedEngine(IEngine inner, IConfigFeed feed) : WrappedEngine(inner)
    {
        public override IConfigFeed Feed => feed;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
