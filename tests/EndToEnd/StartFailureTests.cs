using System.Net;
using System.Net.Sockets;
using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class StartFailureTests
{
    [TestMethod]
    [DataRow("gateway")]
    [DataRow("operations")]
    [DataRow("admin")]
    public async Task A_port_in_use_is_one_clear_sentence(string which)
    {
        await using var drizzle = DrizzleProcess.Prepare();
        var port = which switch { "gateway" => drizzle.GatewayPort, "operations" => drizzle.OperationsPort, _ => drizzle.AdminPort };
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();

        var run = (await drizzle.RunAsync("up")).Ended(1);

        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.Contains($"{port}", run.Error);
        Assert.Contains("in use", run.Error);
        Assert.DoesNotContain("is ready", run.Out);
    }

    [TestMethod]
    public async Task A_second_process_on_one_folder_is_refused_and_the_first_goes_on()
    {
        await using var first = await DrizzleProcess.UpAsync();
        await using var second = DrizzleProcess.Prepare();

        var run = (await second.RunAsync("up", "--data", first.Data)).Ended(1);

        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.Contains("in use by another process", run.Error);
        Assert.AreEqual("", run.Out);
        (await first.RunAsync("create", "tenant", "acme")).Ended(0);
    }

    [TestMethod]
    public async Task A_data_folder_that_cannot_be_written_is_one_clear_sentence()
    {
        await using var drizzle = DrizzleProcess.Prepare();
        var file = drizzle.File("file");
        await File.WriteAllTextAsync(file, "");

        foreach (var folder in (string[])[file, Path.Combine(file, "data"), "/proc/drizzle"])
        {
            var run = (await drizzle.RunAsync("up", "--data", folder)).Ended(1);
            Assert.HasCount(1, run.ErrorLines, run.Error);
            Assert.Contains(folder, run.Error);
            Assert.Contains("cannot be written", run.Error);
            Assert.AreEqual("", run.Out);
        }
    }

    [TestMethod]
    public async Task A_database_that_is_none_is_one_clear_sentence()
    {
        await using var drizzle = DrizzleProcess.Prepare();
        Directory.CreateDirectory(drizzle.Data);
        await File.WriteAllTextAsync(Path.Combine(drizzle.Data, "drizzle.db"), new string('x', 8192));

        var run = (await drizzle.RunAsync("up")).Ended(1);

        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.Contains("damaged", run.Error);
    }

    [TestMethod]
    [DataRow("Drizzle__Edge__Http", "nonsense")]
    [DataRow("Drizzle__Edge__Operations", "http://")]
    [DataRow("Drizzle__Admin__Url", "nonsense")]
    [DataRow("Drizzle__Edge__MaxConnections", "-1")]
    [DataRow("Drizzle__Edge__DrainTimeout", "soon")]
    [DataRow("Drizzle__Edge__AccessLog", "/nowhere/access.log")]
    [DataRow("Drizzle__Edge__AccessLogFormat", "{nothing}")]
    [DataRow("Drizzle__Edge__Https", "https://127.0.0.1:0")]
    [DataRow("Drizzle__Engine", "paper")]
    public async Task A_setting_that_cannot_be_used_is_one_clear_sentence(string name, string value)
    {
        await using var drizzle = DrizzleProcess.Prepare();
        drizzle.Environment["Drizzle__Edge__AccessLog"] = drizzle.File("access.log");
        drizzle.Environment[name] = value;

        var run = await drizzle.RunAsync("up");

        Assert.IsTrue(run.Code is 1 or 2, $"{run.Code} {run.Error}");
        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.StartsWith("drizzle: ", run.Error);
    }
}
