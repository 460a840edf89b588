using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Routing;

/// <summary>Which tenant a request is for, and under which path it is then looked for.</summary>
[TestClass]
public sealed class TenantMatchTests
{
    private static string Config(string acme, string globex) => $$"""
        platform: { addressLimit: { rate: 1000000/s, burst: 1000000 } }
        tenants:
          - slug: acme
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [api.acme.test, "*.apps.acme.test"]
            services: [{ slug: orders, destinations: [{ url: "{{acme}}/acme-orders" }] }]
            consumers: [{ name: mobile }]
            routes:
              - { name: open, service: orders, auth: none, match: { paths: [/open/**] } }
              - { name: on-host, service: orders, auth: none, match: { hosts: [api.acme.test], paths: [/hosted] } }
          - slug: globex
            policies: [{ name: all, cedar: 'permit(principal, action, resource);' }]
            hosts: [www.apps.acme.test]
            services: [{ slug: orders, destinations: [{ url: "{{globex}}/globex-orders" }] }]
            routes:
              - { name: rest, service: orders, auth: none, match: { paths: [/**] } }
        """;

    [TestMethod]
    [DataRow("api.acme.test", "/open/1", "/acme-orders/open/1")]
    [DataRow("any.apps.acme.test", "/open/1", "/acme-orders/open/1")]
    [DataRow("localhost", "/acme/open/1", "/acme-orders/open/1")]
    [DataRow("api.acme.test", "/acme/open/1", "/acme-orders/open/1")]
    [DataRow("api.acme.test", "/hosted", "/acme-orders/hosted")]
    [DataRow("www.apps.acme.test", "/open/1", "/globex-orders/open/1")]
    [DataRow("localhost", "/globex/a/b", "/globex-orders/a/b")]
    [DataRow("www.apps.acme.test", "/acme/open/1", "/globex-orders/acme/open/1")]
    [DataRow("localhost", "/acme/hosted", null)]
    [DataRow("any.apps.acme.test", "/hosted", null)]
    [DataRow("api.acme.test", "/globex/a", null)]
    [DataRow("apps.acme.test", "/open/1", null)]
    [DataRow("localhost", "/open/1", null)]
    [DataRow("localhost", "/ACME/open/1", null)]
    [DataRow("localhost", "/", null)]
    public async Task A_host_sees_its_own_tenant_and_other_hosts_see_the_one_that_the_path_names(string host, string path, string? target)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, upstream.Url));
        Assert.AreEqual(target is null ? 404 : 200, await edge.StatusAsync(path, change: r => r.Headers.Host = host));
        Assert.AreEqual(target, upstream.Seen.SingleOrDefault()?.Target);
    }

    [TestMethod]
    public async Task A_service_answers_at_its_slug_to_who_has_a_key_even_beside_a_route_for_everything()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var edge = await RunningEdge.StartAsync(Config(upstream.Url, upstream.Url));
        var key = await edge.AddKeyAsync("acme", "mobile");
        Assert.AreEqual(401, await edge.StatusAsync("/acme/orders/7"));
        Assert.AreEqual(200, await edge.StatusAsync("/acme/orders/7", key));
        Assert.AreEqual("/acme-orders/7", upstream.Seen.Single().Target);
        Assert.AreEqual("/acme", upstream.Seen.Single().Headers["X-Forwarded-Prefix"]);
        Assert.AreEqual(401, await edge.StatusAsync("/globex/orders/7"), "The tenant's prefix is no part of what /** matches.");
        Assert.AreEqual(404, await edge.StatusAsync("/orders/7", key, r => r.Headers.Host = "api.acme.test"));
        Assert.AreEqual(200, await edge.StatusAsync("/acme/orders", key));
        Assert.AreEqual("/acme-orders/", upstream.Seen.Last().Target);
    }

    [TestMethod]
    public async Task A_host_that_moves_takes_its_traffic_along_and_a_deleted_tenant_is_gone()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var config = Config(upstream.Url, upstream.Url);
        await using var edge = await RunningEdge.StartAsync(config);
        await edge.ApplyAsync(config.Replace("hosts: [www.apps.acme.test]", "hosts: [moved.test]", StringComparison.Ordinal));
        Assert.AreEqual(200, await edge.StatusAsync("/x", change: r => r.Headers.Host = "moved.test"));
        Assert.AreEqual(404, await edge.StatusAsync("/x", change: r => r.Headers.Host = "www.apps.acme.test"));

        await edge.DeleteAsync("globex");

        Assert.AreEqual(404, await edge.StatusAsync("/x", change: r => r.Headers.Host = "moved.test"));
        Assert.AreEqual(404, await edge.StatusAsync("/globex/x"));
        Assert.AreEqual(200, await edge.StatusAsync("/acme/open/1"));
    }
}
