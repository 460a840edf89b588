using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class ChangeTests
{
    [TestMethod]
    public async Task If_Match_lets_through_who_has_read_the_latest_and_nobody_else()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var first = (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""")).IsDone();

        var second = (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme","name":"Two"}""", first.Tag)).IsDone();
        var stale = await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme","name":"Three"}""", first.Tag);

        stale.Is(412, "stale");
        Assert.AreEqual(first.Body.GetProperty("revision").GetInt64(), stale.Body.GetProperty("expected").GetInt64());
        Assert.AreEqual(second.Body.GetProperty("revision").GetInt64(), stale.Body.GetProperty("actual").GetInt64());
        Assert.AreEqual("Two", (await drizzle.Api.GetAsync("/v1/tenants/acme")).Text("name"));
        (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme", ifMatch: first.Tag)).Is(412, "stale");
    }

    [TestMethod]
    public async Task Of_two_writers_with_one_tag_one_wins()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        (await drizzle.Api.PutAsync("/v1/tenants/acme", """{"slug":"acme"}""")).IsDone();

        for (var round = 0; round < 10; round++)
        {
            var tag = (await drizzle.Api.GetAsync("/v1/tenants/acme")).IsDone().Tag;
            var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => drizzle.Api.PutAsync("/v1/tenants/acme", $$"""{"slug":"acme","name":"{{round}}-{{n}}"}""", tag)));
            CollectionAssert.AreEquivalent((int[])[200, 412], answers.Select(a => a.Status).ToArray());
        }
    }

    [TestMethod]
    public async Task Writers_without_a_tag_lose_none_of_each_others_changes()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => drizzle.Api.PutAsync($"/v1/tenants/acme/consumers/c{n}", $$"""{"name":"c{{n}}"}""")));

        foreach (var answer in answers) answer.IsDone();
        Assert.AreEqual(41, (await drizzle.Api.GetAsync("/v1/tenants/acme/consumers")).IsDone().Body.GetArrayLength());
    }

    [TestMethod]
    public async Task A_trial_judges_and_writes_nothing()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));
        var before = await drizzle.RevisionAsync();

        var put = (await drizzle.Api.PutAsync("/v1/tenants/acme/services/carts?dryRun=true", """{"slug":"carts","destinations":[{"url":"http://127.0.0.1:9"}]}""")).IsDone();
        (await drizzle.Api.SendAsync("DELETE", "/v1/tenants/acme?dryRun=true")).IsDone();
        (await drizzle.Api.PutAsync("/v1/platform?dryRun=true", "{}")).IsDone();
        (await drizzle.Api.PutAsync("/v1/tenants/acme/services/carts?dryRun=true", """{"slug":"carts","destinations":[]}""")).Is(422, "invalid");
        (await drizzle.RunWithAsync("tenants: [{ slug: other }]", "apply", "-f", "-", "--dry-run")).Ended(0);

        Assert.AreEqual("carts", put.Body.GetProperty("changes")[0].GetProperty("name").GetString());
        Assert.AreEqual(before, await drizzle.RevisionAsync());
        Assert.HasCount(1, (await drizzle.Api.GetAsync("/v1/tenants")).IsDone().Body.EnumerateArray().ToList());
    }

    [TestMethod]
    public async Task A_changed_destination_takes_the_next_request()
    {
        await using var first = await TestUpstream.StartAsync();
        await using var second = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(first.Url));
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/open/1"));

        for (var round = 0; round < 10; round++)
        {
            var (to, from) = round % 2 == 0 ? (second, first) : (first, second);
            var before = from.Seen.Count;
            (await drizzle.Api.PutAsync("/v1/tenants/acme/services/orders", $$"""{"slug":"orders","destinations":[{"url":"{{to.Url}}"}]}""")).IsDone();
            await drizzle.CaughtUpAsync();
            Assert.AreEqual(200, await drizzle.StatusOfAsync($"/acme/open/round-{round}"));
            Assert.AreEqual($"/open/round-{round}", to.Seen.Last().Target);
            Assert.AreEqual(before, from.Seen.Count);
        }
    }

    [TestMethod]
    public async Task A_thousand_edits_of_other_tenants_close_no_WebSocket()
    {
        await using var upstream = await TestUpstream.StartAsync();
        upstream.Answer = EchoSockets.AnswerAsync;
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        var sockets = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => EchoSockets.ConnectAsync(drizzle.GatewayPort, "/acme/open/ws")));
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
                (await drizzle.Api.PutAsync($"/v1/tenants/other-{n % 10}", $$"""{"slug":"other-{{n % 10}}","name":"{{n}}","services":[{"slug":"s","destinations":[{"url":"http://127.0.0.1:{{1000 + n}}"}]}]}""")).IsDone());
            await drizzle.CaughtUpAsync();

            for (var i = 0; i < sockets.Length; i++) Assert.AreEqual($"still here {i}", await EchoSockets.EchoAsync(sockets[i], $"still here {i}"));
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }
}
