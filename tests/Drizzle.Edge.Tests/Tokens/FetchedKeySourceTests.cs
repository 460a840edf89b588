using System.Text.Json.Nodes;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Drizzle.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drizzle.Edge.Tests.Tokens;

/// <summary>Keys from a real server, which does all that it should not.</summary>
[TestClass]
public sealed class FetchedKeySourceTests
{
    [TestMethod]
    public async Task Keys_are_fetched_when_they_are_wanted_and_then_no_more()
    {
        await using var run = await Run.StartAsync();
        Assert.IsNull(run.Source.Current);
        Assert.IsNull(run.Source.IsUp);
        var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        Assert.IsNotNull(keys?.Find("rsa-1", "RS256"));
        Assert.AreSame(keys, run.Source.Current);
        Assert.AreEqual(1, run.Fetches);
        Assert.IsTrue(run.Source.IsUp);
    }

    [TestMethod]
    public async Task An_unknown_key_has_them_fetched_at_most_every_ten_seconds()
    {
        await using var run = await Run.StartAsync();
        for (var i = 0; i < 50; i++) await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        Assert.AreEqual(1, run.Fetches);
        run.Served = Only("ec-256");
        run.Clock.Advance(FetchedKeySource.Pause);
        var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        Assert.AreEqual(2, run.Fetches);
        Assert.IsNotNull(keys?.Find("ec-256", "ES256"));
        Assert.IsNull(keys.Find("rsa-1", "RS256"), "A key that its issuer has taken back is gone.");
    }

    [TestMethod]
    public async Task Keys_that_rotate_each_second_are_not_fetched_each_second()
    {
        await using var run = await Run.StartAsync();
        for (var second = 0; second < 60; second++)
        {
            run.Served = Only(second % 2 == 0 ? "rsa-1" : "ec-256");
            var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
            Assert.IsNotNull(keys);
            Assert.AreNotEqual(keys.Find("rsa-1", "RS256") is null, keys.Find("ec-256", "ES256") is null, "What is known is one of the sets, whole.");
            run.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.AreEqual(6, run.Fetches);
    }

    [TestMethod]
    public async Task Many_that_ask_at_once_wait_for_one_fetch()
    {
        await using var run = await Run.StartAsync();
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        run.Before = _ => opened.Task;
        var waiting = Enumerable.Range(0, 100).Select(_ => run.Source.RefreshAsync(CancellationToken.None).AsTask()).ToArray();
        await Eventually.TrueAsync(() => run.Fetches == 1, "one fetch");
        opened.SetResult();
        foreach (var keys in await Task.WhenAll(waiting).Soon()) Assert.IsNotNull(keys);
        Assert.AreEqual(1, run.Fetches);
    }

    [TestMethod]
    public async Task After_ten_minutes_they_are_fetched_in_the_background_and_equal_ones_are_the_same_set()
    {
        await using var run = await Run.StartAsync();
        var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        run.Clock.Advance(FetchedKeySource.RefreshEvery);
        Assert.AreSame(keys, run.Source.Current);
        await Eventually.TrueAsync(() => run.Fetches == 2, "a second fetch");
        await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        Assert.AreSame(keys, run.Source.Current, "So what was verified by them stays verified.");
        run.Served = Only("ec-256");
        run.Clock.Advance(FetchedKeySource.RefreshEvery);
        Assert.AreSame(keys, run.Source.Current);
        await Eventually.TrueAsync(() => run.Source.Current?.Find("ec-256", "ES256") is not null && run.Source.Current != keys, "the other keys");
    }

    [TestMethod]
    public async Task Keys_that_nobody_asked_for_in_a_long_time_are_not_taken_for_current()
    {
        await using var run = await Run.StartAsync();
        var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        run.Served = Only("ec-256");
        run.Clock.Advance(3 * FetchedKeySource.RefreshEvery);
        Assert.IsNull(run.Source.Current);
        Assert.AreNotSame(keys, await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon());
    }

    [TestMethod]
    [DataRow("down")]
    [DataRow("error")]
    [DataRow("HTML")]
    [DataRow("huge")]
    [DataRow("empty")]
    [DataRow("no keys")]
    [DataRow("secret keys")]
    [DataRow("slow")]
    [DataRow("redirect")]
    public async Task Whatever_becomes_of_the_issuer_the_last_good_keys_stay_and_come_back(string fault)
    {
        await using var run = await Run.StartAsync();
        await using var inner = await TestUpstream.StartAsync();
        var good = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        var (served, never) = (run.Served, new TaskCompletionSource());
        run.Before = fault switch
        {
            "down" => http => Done(http.Abort),
            "error" => http => Done(() => http.Response.StatusCode = 500),
            "slow" => http => never.Task.WaitAsync(http.RequestAborted),
            "redirect" => http => Done(() => http.Response.Redirect(inner.Url + "/keys")),
            _ => _ => Task.CompletedTask,
        };
        run.Served = fault switch
        {
            "HTML" => "<html><body>Sign in</body></html>",
            "huge" => $"{{\"keys\":[],\"x\":\"{new string('x', 300_000)}\"}}",
            "empty" => "",
            "no keys" => "{\"keys\":[]}",
            "secret keys" => "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
            _ => served,
        };
        run.Clock.Advance(FetchedKeySource.RefreshEvery);
        var refreshing = run.Source.RefreshAsync(CancellationToken.None).AsTask();
        if (fault == "slow")
        {
            await Eventually.TrueAsync(() => run.Fetches == 2, "a fetch that hangs");
            run.Clock.Advance(TimeSpan.FromSeconds(6));
        }
        Assert.AreSame(good, await refreshing.Soon());
        await Eventually.TrueAsync(() => run.Source.IsUp == false, "that it failed");
        Assert.AreSame(good, run.Source.Current);
        // In use, they stay for as long as it takes, and nobody waits for the fetches that fail meanwhile.
        for (var i = 0; i < 5; i++)
        {
            var before = run.Fetches;
            run.Clock.Advance(TimeSpan.FromMinutes(9));
            Assert.AreSame(good, run.Source.Current);
            await Eventually.TrueAsync(() => ReferenceEquals(good, run.Source.Current) && run.Fetches > before, "another try");
        }
        run.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.IsEmpty(inner.Seen, "A redirect is not followed.");

        (run.Before, run.Served) = (_ => Task.CompletedTask, Only("ec-256"));
        run.Clock.Advance(FetchedKeySource.Pause);
        await Eventually.TrueAsync(
            async () =>
            {
                var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
                return run.Source.IsUp == true && keys is not null && !ReferenceEquals(keys, good);
            },
            "the other keys");
    }

    [TestMethod]
    public async Task Keys_are_fetched_over_https_alone_whatever_the_metadata_says()
    {
        var client = new ClientPool(new GatewayState(), allowsLoopback: true).For(Defaults.Connect, tls: null);
        foreach (var url in (string[])["http://id.test", "http://10.0.0.1", "ftp://127.0.0.1"])
        {
            var refused = await Assert.ThrowsExactlyAsync<FormatException>(() => new KeyFetch(client, url, null).FetchAsync(CancellationToken.None));
            Assert.Contains("not https", refused.Message);
        }
        await using var run = await Run.StartAsync(isDiscovered: true);
        run.MetadataKeys = "http://id.test/keys";
        Assert.IsNull(await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon());
    }

    [TestMethod]
    [DataRow(true, true)]
    [DataRow(false, false)]
    public async Task Metadata_says_where_the_keys_are_if_it_is_the_issuers_own(bool isOwn, bool isAccepted)
    {
        await using var run = await Run.StartAsync(isDiscovered: true);
        run.MetadataIssuer = isOwn ? run.Url : "https://other.example";
        var keys = await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon();
        Assert.AreEqual(isAccepted, keys is not null);
    }

    [TestMethod]
    public async Task Keys_are_fetched_from_no_address_that_destinations_may_not_have()
    {
        await using var run = await Run.StartAsync(allowsLoopback: false);
        Assert.IsNull(await run.Source.RefreshAsync(CancellationToken.None).AsTask().Soon());
        Assert.AreEqual(0, run.Fetches);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static string Only(string keyId)
    {
        var keys = JsonNode.Parse(TokenVectors.Jwks)?["keys"]?.AsArray() ?? [];
        return new JsonObject { ["keys"] = new JsonArray([.. keys.Where(k => k?["kid"]?.GetValue<string>() == keyId).Select(k => k?.DeepClone())]) }.ToJsonString();
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly TestUpstream _server;

        private Run(TestUpstream server, bool isDiscovered, bool allowsLoopback)
        {
            (_server, Clock, MetadataIssuer) = (server, new FakeClock(), server.Url);
            var client = new ClientPool(new GatewayState(), allowsLoopback).For(Defaults.Connect, tls: null);
            Source = new FetchedKeySource(new KeyFetch(client, server.Url, isDiscovered ? null : server.Url + "/keys"), "acme/idp", Clock, NullLogger<FetchedKeySource>.Instance);
            server.Answer = AnswerAsync;
        }

        public FakeClock Clock { get; }

        public FetchedKeySource Source { get; }

        public string Url => _server.Url;

        public string Served { get; set; } = TokenVectors.Jwks;

        public string MetadataIssuer { get; set; }

        public string? MetadataKeys { get; set; }

        public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

        public int Fetches => _server.Seen.Count(s => s.Target == "/keys");

        public static async Task<Run> StartAsync(bool isDiscovered = false, bool allowsLoopback = true) => new(await TestUpstream.StartAsync(), isDiscovered, allowsLoopback);

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private async Task AnswerAsync(HttpContext http)
        {
            await Before(http);
            if (http.Response.StatusCode != 200 || http.RequestAborted.IsCancellationRequested) return;
            var isMetadata = http.Request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal);
            await http.Response.WriteAsync(isMetadata ? $$"""{"issuer":"{{MetadataIssuer}}","jwks_uri":"{{MetadataKeys ?? Url + "/keys"}}"}""" : Served);
        }
    }
}
