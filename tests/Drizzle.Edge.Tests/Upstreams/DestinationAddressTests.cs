using Drizzle.Contracts.Ports;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Upstreams;

/// <summary>An address is judged when it is connected to, whatever was true when it was written.</summary>
[TestClass]
public sealed class DestinationAddressTests
{
    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("localhost")]
    public async Task An_edge_of_several_does_not_reach_its_own_machine_unless_it_is_allowed(string host)
    {
        using var folder = new TestFolder();
        await using var upstream = await TestUpstream.StartAsync();
        await using var engine = new SharedEngine(await SqliteEngine.OpenAsync(folder.Path, TimeProvider.System, CancellationToken.None));
        var url = new UriBuilder(upstream.Url) { Host = host }.Uri.ToString();
        await RunningEdge.ApplyAsync(engine, Gateway.Open(url, ", health: { passive: { failureRate: 1 } }"));
        await using var edge = EdgeHost.Create(new EdgeOptions { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0" }, engine, TimeProvider.System);
        await edge.StartAsync(CancellationToken.None);
        using var client = new HttpClient { BaseAddress = new Uri(edge.GatewayAddresses.First()) };

        using (var refused = await client.GetAsync("/x").Soon())
        {
            Assert.AreEqual(502, (int)refused.StatusCode);
            Assert.Contains("urn:drizzle:destination-not-allowed", await refused.Content.ReadAsStringAsync());
        }
        Assert.IsEmpty(upstream.Seen);

        await RunningEdge.ApplyAsync(engine, "platform: { allowedDestinations: [127.0.0.0/8, ::1] }\ntenants: []");
        await Eventually.TrueAsync(async () => (int)(await client.GetAsync("/x").Soon()).StatusCode == 200, "it is allowed now");
        await edge.DrainAsync(CancellationToken.None);
    }

    /// <summary>An engine that other machines share.</summary>
    private sealed class SharedEngine(IEngine inner) : WrappedEngine(inner)
    {
        public override bool IsShared => true;
    }
}
