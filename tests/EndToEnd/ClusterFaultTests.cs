using System.Text.Json;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;
using Npgsql;

namespace Drizzle.EndToEnd;

/// <summary>Bad input and faults, on PostgreSQL.</summary>
[TestClass]
public sealed class ClusterFaultTests
{
    private static readonly string[] Injections =
    [
        "'; DROP TABLE drizzle.documents; --", "' OR '1'='1", "$1", "\\'; SELECT pg_sleep(60); --", "acme' UNION SELECT hash FROM drizzle.tokens --", "%27%3B", "E'\\x00'", "{\"$ne\":null}", "${jndi:ldap://x}",
    ];

    [TestMethod]
    public async Task Nothing_that_is_sent_is_read_as_sql()
    {
        await using var cluster = await Cluster.UpAsync(edges: 0);
        var api = cluster.Api;
        foreach (var text in Injections)
        {
            var (escaped, json) = (Uri.EscapeDataString(text), JsonSerializer.Serialize(text));
            foreach (var path in (string[])[$"/v1/tenants/{escaped}", $"/v1/tenants/acme/consumers/{escaped}", $"/v1/tenants/acme/keys/{escaped}/revoke", $"/v1/revisions?tenant={escaped}"])
            {
                var status = (await api.SendAsync(path.EndsWith("revoke", StringComparison.Ordinal) ? "POST" : "GET", path)).Status;
                Assert.IsTrue(status is 404 or 400 || (status == 200 && path.Contains('?', StringComparison.Ordinal)), $"{path} gave {status}");
            }
            Assert.AreEqual(0, (await api.GetAsync($"/v1/audit?actor={escaped}&action={escaped}&tenant={escaped}")).IsDone().Body.GetArrayLength());
            Assert.AreEqual(0, (await api.GetAsync($"/v1/tenants/acme/consumers?filter=name={escaped}")).IsDone().Body.GetArrayLength());
            (await api.SendAsync("POST", "/v1/tenants", $$"""{"slug":{{json}}}""")).Is(422, "invalid");
            (await api.PutAsync("/v1/tenants/acme", $$"""{"slug":"acme","hosts":[{{json}}]}""")).Is(422, "invalid");
            (await api.SendAsync("POST", "/v1/tokens", $$"""{"name":{{json}}}""")).Is(422, "invalid");
            (await api.SendAsync("POST", "/v1/users", $$"""{"name":{{json}}}""")).Is(422, "invalid");
            Assert.IsTrue((await api.SendAsync("POST", "/v1/login", $$"""{"tenant":{{json}},"name":{{json}},"password":{{json}}}""")).Status is 401 or 429);
            using var stranger = new AdminApi(cluster.Admin.Environment["DRIZZLE_ADMIN"], escaped);
            (await stranger.GetAsync("/v1/tenants")).Is(401, "unauthenticated");
            // Where any text may stand, it stands as it is.
            (await api.PutAsync($"/v1/tenants/acme/consumers/noted?reason={escaped}", $$"""{"name":"noted","attributes":{"note":{{json}}} }""")).IsDone();
            Assert.AreEqual(text, (await api.GetAsync("/v1/tenants/acme/consumers/noted")).IsDone().Body.GetProperty("attributes").GetProperty("note").GetString());
            Assert.AreEqual(text, (await api.GetAsync("/v1/audit?limit=1")).IsDone().Body[0].GetProperty("reason").GetString());
        }
        Assert.AreEqual(1L, await PostgresServer.QueryAsync(cluster.Database, "SELECT count(*) FROM drizzle.tokens"));
    }

    [TestMethod]
    public async Task Fields_that_are_not_a_callers_to_set_are_refused()
    {
        await using var cluster = await Cluster.UpAsync(edges: 0);
        var before = await PostgresServer.QueryAsync(cluster.Database, "SELECT revision FROM drizzle.lineage");
        foreach (var (method, path, body) in new[]
        {
            ("PUT", "/v1/tenants/acme", """{"slug":"acme","keys":[]}"""), ("PUT", "/v1/tenants/acme", """{"slug":"acme","owners":[]}"""), ("PUT", "/v1/tenants/acme", """{"slug":"acme","revision":9}"""),
            ("POST", "/v1/tenants/acme/keys", """{"consumer":"mobile","prefix":"drz_mine0000","hash":"00"}"""), ("POST", "/v1/tenants/acme/keys", """{"consumer":"mobile","revoked":false}"""),
            ("POST", "/v1/tenants/acme/tokens", """{"name":"a","scope":""}"""), ("POST", "/v1/tenants/acme/tokens", """{"name":"a","hash":"00","tenant":"other"}"""),
            ("POST", "/v1/tenants/acme/users", """{"name":"a","tenant":""}"""), ("POST", "/v1/login", """{"name":"a","password":"b","role":"platformOwner"}"""),
            ("PUT", "/v1/tenants/acme/consumers/mobile", """{"name":"mobile","tenant":"other"}"""), ("PUT", "/v1/platform", """{"epoch":"x"}"""),
        })
        {
            (await cluster.Api.SendAsync(method, path, body)).Is(400, "malformed");
        }
        Assert.AreEqual(before, await PostgresServer.QueryAsync(cluster.Database, "SELECT revision FROM drizzle.lineage"));
    }

    [TestMethod]
    public async Task A_document_that_is_too_large_is_refused_with_the_size()
    {
        await using var cluster = await Cluster.UpAsync(edges: 0);
        var large = new string('x', 21 << 20);
        (await cluster.Api.PutAsync("/v1/tenants/acme", $$"""{"slug":"acme","name":"{{large}}"}""")).Is(413, "body-too-large");
        var file = $"tenants: [{{ slug: acme, policies: [{string.Join(", ", Enumerable.Range(0, 70).Select(i => $"{{ name: p{i}, cedar: \"{new string('y', 300_000)}\" }}"))}] }}]";
        (await cluster.RunAsync(file, "apply", "-f", "-")).Ended(1);
        Assert.IsLessThan(100_000L, (long)(await PostgresServer.QueryAsync(cluster.Database, "SELECT max(length(body::text))::bigint FROM drizzle.documents") ?? 0L));
    }

    [TestMethod]
    public async Task Tokens_that_are_wrong_cut_short_or_ended_are_all_the_same()
    {
        await using var cluster = await Cluster.UpAsync(edges: 0);
        var ended = (await cluster.RunAsync("", "create", "token", "ended", "-t", "acme", "--expires", "1ms", "-o", "json")).Ended(0).Json.GetProperty("token").GetString() ?? "";
        var gone = (await cluster.RunAsync("", "create", "token", "gone", "-o", "json")).Ended(0).Json.GetProperty("token").GetString() ?? "";
        (await cluster.RunAsync("", "delete", "token", "gone")).Ended(0);
        var good = cluster.Token;
        string? first = null;
        foreach (var token in (string[])[ended, gone, good[..^1], good + "A", good.ToUpperInvariant(), "", " ", good[..10], new string('a', 10_000), "drzadm_", $"{good},{good}"])
        {
            using var caller = new AdminApi(cluster.Admin.Environment["DRIZZLE_ADMIN"], token);
            var answer = (await caller.GetAsync("/v1/tenants")).Is(401, "unauthenticated");
            Assert.AreEqual(first ??= answer.Text("detail"), answer.Text("detail"));
        }
        (await cluster.Api.GetAsync("/v1/tenants")).IsDone();
    }

    [TestMethod]
    public async Task A_flood_of_notifications_neither_stops_the_edges_nor_hides_a_change()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.UpAsync(edges: 2, upstream.Url);
        await using (var connection = new NpgsqlConnection(cluster.Database))
        {
            await connection.OpenAsync();
            await using var flood = new NpgsqlCommand("SELECT count(pg_notify(c, repeat('x', 7000) || i)) FROM generate_series(1, 5000) i, unnest(ARRAY['drizzle_config', 'drizzle_edges']) c", connection);
            await flood.ExecuteNonQueryAsync();
        }
        var receipt = (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/after?wait=applied&timeout=30s", """{"name":"after"}""")).IsDone().Body.GetProperty("receipt");
        Assert.IsTrue(receipt.GetProperty("confirmed").GetBoolean(), receipt.ToString());
        foreach (var edge in cluster.Edges) Assert.AreEqual(200, await edge.StatusOfAsync("/acme/open/1"));
    }

    [TestMethod]
    public async Task A_database_that_dies_during_writes_keeps_each_whole_or_not_at_all()
    {
        await using var cluster = await Cluster.UpAsync(edges: 1);
        await using var writes = new SteadyWrites(cluster);
        for (var crash = 0; crash < 3; crash++)
        {
            await writes.GoOnAsync();
            await cluster.Postgres.CrashAsync();
            var refused = writes.Refused;
            await Eventually.TrueAsync("writes are refused", () => writes.Refused > refused);
            await cluster.Postgres.RunAsync();
        }
        await writes.GoOnAsync();
        await writes.ExpectKeptAsync();
        await cluster.CaughtUpAsync();
    }

    [TestMethod]
    public async Task A_backup_restored_over_a_running_system_is_taken_whole_by_every_edge()
    {
        await using var upstream = new RawOrigin();
        await using var cluster = await Cluster.UpAsync(edges: 2, upstream.Url);
        var key = (await cluster.RunAsync("", "create", "key", "-t", "acme", "--consumer", "mobile", "-o", "json")).Ended(0).Json.GetProperty("key").GetString();
        await cluster.CaughtUpAsync();
        await cluster.Postgres.BackUpAsync(cluster.Database);
        (await cluster.RunAsync("tenants: [{ slug: later, services: [{ slug: s, destinations: [{ url: \"http://192.0.2.1\" }] }] }]", "apply", "-f", "-")).Ended(0);
        (await cluster.RunAsync("", "delete", "route", "public", "-t", "acme")).Ended(0);
        await cluster.CaughtUpAsync();
        foreach (var edge in cluster.Edges) Assert.AreEqual((404, 401), (await edge.StatusOfAsync("/acme/open/1"), await edge.StatusOfAsync("/later/s/1")));

        await cluster.Postgres.RestoreAsync(cluster.Database);

        foreach (var edge in cluster.Edges)
        {
            await Eventually.TrueAsync("the route is back and the later tenant gone", async () => (await edge.StatusOfAsync("/acme/open/1"), await edge.StatusOfAsync("/later/s/1"), await edge.StatusOfAsync("/acme/orders/1", key)) == (200, 404, 200));
        }
        var receipt = (await cluster.Api.PutAsync("/v1/tenants/acme/consumers/after?wait=applied&timeout=30s", """{"name":"after"}""")).IsDone().Body.GetProperty("receipt");
        Assert.IsTrue(receipt.GetProperty("confirmed").GetBoolean(), receipt.ToString());
    }

    [TestMethod]
    public async Task Explain_tells_the_same_where_the_edges_run_elsewhere()
    {
        await using var cluster = await Cluster.UpAsync(edges: 1);
        (await cluster.Api.SendAsync("POST", "/v1/tenants", """{"slug":"other","hosts":["*.other.test"]}""")).IsDone();
        var told = (await cluster.RunAsync("", "explain", "GET", "http://api.acme.test/open/1", "-t", "acme")).Ended(0).Out;
        Assert.Contains("Forwarded to http://127.0.0.1:9/open/1.", told);
        Assert.Contains("left, takes 1", told);
        Assert.Contains("Refused with 404", (await cluster.RunAsync("", "explain", "GET", "http://api.other.test/acme/open/1", "-t", "acme")).Ended(0).Out);
        Assert.Contains("Refused with 401", (await cluster.RunAsync("", "explain", "GET", "http://nobody.test/acme/orders/1", "-t", "acme")).Ended(0).Out);
    }
}
