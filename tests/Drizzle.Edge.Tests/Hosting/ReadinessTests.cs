using System.Net;
using System.Net.Sockets;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Hosting;

[TestClass]
public sealed class ReadinessTests
{
    [TestMethod]
    public async Task An_edge_with_its_configuration_is_not_ready_before_its_port_is_open()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TestFolder();
        await using var engine = await SqliteEngine.OpenAsync(folder.Path, TimeProvider.System, CancellationToken.None);
        await using var host = EdgeHost.Create(new EdgeOptions { Http = $"http://{taken.LocalEndpoint}", Operations = "http://127.0.0.1:0" }, engine, TimeProvider.System);
        await Assert.ThrowsAsync<IOException>(() => host.StartAsync(CancellationToken.None));
        using var client = new HttpClient { BaseAddress = new Uri(host.OperationsAddresses.First()) };
        using var answer = await client.GetAsync("/readyz");
        Assert.AreEqual((HttpStatusCode.ServiceUnavailable, "not listening yet\n"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }
}
