using System.Net.Http.Json;
using System.Text.Json;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Access;

[TestClass]
public sealed class AuthenticationTests
{
    private static string Config(string url) => Gateway.Open(url, more: """
              - { name: named, service: named, match: { paths: [/named/**] } }
              - { name: jwt, service: orders, auth: [jwt], match: { paths: [/jwt/**] } }
              - { name: keyed, service: orders, auth: [key], match: { paths: [/keyed/**] } }
          - slug: other
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            consumers: [{ name: mobile }]
        """).Replace("services: [", $"services: [{{ slug: named, keyHeader: X-Token, destinations: [{{ url: \"{url}\" }}] }}, ", StringComparison.Ordinal);

    [TestMethod]
    public async Task Unknown_expired_revoked_and_foreign_keys_are_refused_in_the_same_words()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url), clock: new FakeClock());
        var expired = await edge.AddKeyAsync("acme", "mobile", k => k with { ExpiresAt = FakeClock.Start });
        var revoked = await edge.AddKeyAsync("acme", "mobile", k => k with { Revoked = true });
        var foreign = await edge.AddKeyAsync("other", "mobile");

        var problems = new List<string>();
        foreach (var key in (string[])["drz_unknown", expired, revoked, foreign, "", "drz_" + new string('a', 5000)])
        {
            using var answer = await edge.GetAsync("/keyed/x", change: r => r.Headers.TryAddWithoutValidation("X-API-Key", key));
            Assert.AreEqual(401, (int)answer.StatusCode);
            var problem = await answer.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>() ?? [];
            problem.Remove("instance");
            problems.Add(JsonSerializer.Serialize(problem) + string.Join(',', answer.Headers.WwwAuthenticate) + answer.Content.Headers.ContentLength);
        }

        Assert.AreEqual(1, problems.Distinct().Count(), string.Join('\n', problems));
        Assert.IsEmpty(upstream.Seen);
    }

    [TestMethod]
    public async Task A_key_ends_at_its_instant_and_when_it_is_revoked()
    {
        var clock = new FakeClock();
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url), clock: clock);
        var key = await edge.AddKeyAsync("acme", "mobile", k => k with { ExpiresAt = FakeClock.Start + TimeSpan.FromMinutes(1) });
        var other = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await edge.StatusAsync("/keyed/x", key));
        Assert.AreEqual(200, await edge.StatusAsync("/keyed/x", other));

        clock.Advance(TimeSpan.FromMinutes(1));
        var stored = await edge.Engine.Store.ReadTenantAsync("acme", CancellationToken.None);
        Assert.IsNotNull(stored);
        await edge.WriteAsync(stored.Document with { Keys = [.. stored.Document.Keys.Select(k => other.StartsWith(k.Prefix, StringComparison.Ordinal) ? k with { Revoked = true } : k)] });

        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", key));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", other));
    }

    [TestMethod]
    public async Task Two_credentials_must_belong_together()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url));
        var mobile = await edge.AddKeyAsync("acme", "mobile");
        var again = await edge.AddKeyAsync("acme", "mobile");
        var web = await edge.AddKeyAsync("acme", "web");

        Assert.AreEqual(200, await edge.StatusAsync("/keyed/x", mobile, r => r.Headers.Authorization = new("Bearer", again)));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", mobile, r => r.Headers.Authorization = new("Bearer", web)));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", mobile, r => r.Headers.Authorization = new("Bearer", "drz_unknown")));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", "drz_unknown", r => r.Headers.Authorization = new("Bearer", mobile)));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", mobile, r => r.Headers.TryAddWithoutValidation("X-API-Key", web)));
        var answer = await RawClient.ExchangeAsync(edge.Url, $"GET /keyed/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {mobile}\r\nAuthorization: Bearer {web}\r\n\r\n");
        Assert.AreEqual(401, RawClient.StatusOf(answer));
        Assert.HasCount(1, upstream.Seen);
    }

    [TestMethod]
    public async Task A_key_counts_only_in_the_header_that_the_service_names_or_as_bearer()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url));
        var key = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await edge.StatusAsync("/named/x", change: r => r.Headers.Add("X-Token", key)));
        Assert.AreEqual(200, await edge.StatusAsync("/named/x", change: r => r.Headers.Authorization = new("bearer", key)));
        Assert.AreEqual(401, await edge.StatusAsync("/named/x", key));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", change: r => r.Headers.Add("X-Token", key)));
        Assert.AreEqual(401, await edge.StatusAsync("/keyed/x", change: r => r.Headers.Authorization = new("Basic", key)));
        Assert.AreEqual(401, await edge.StatusAsync($"/keyed/x?X-API-Key={key}"));
        Assert.AreEqual(401, await edge.StatusAsync("/jwt/x", key), "The route accepts tokens alone.");
        Assert.IsFalse(upstream.Seen.Any(s => s.Headers.Any(h => h.Value.Contains(key, StringComparison.Ordinal))));
    }

    [TestMethod]
    public async Task Basic_authorization_beside_a_key_goes_upstream()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url));
        var key = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(200, await edge.StatusAsync("/keyed/x", key, r => r.Headers.Authorization = new("Basic", "dTpw")));
        Assert.AreEqual("Basic dTpw", upstream.Seen.Single().Headers["Authorization"]);
    }
}
