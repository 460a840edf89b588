using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class ExitCodeTests
{
    [TestMethod]
    [DataRow(2, "fly")]
    [DataRow(2, "get")]
    [DataRow(2, "get", "clouds")]
    [DataRow(2, "get", "services")]
    [DataRow(2, "create", "service", "orders", "-t", "acme")]
    [DataRow(2, "get", "tenants", "-o", "xml")]
    [DataRow(2, "get", "tenants", "--admin", "not a url")]
    [DataRow(2, "up", "--watch")]
    [DataRow(2, "sample", "--port", "65535")]
    [DataRow(1, "apply", "-f", "/nowhere/drizzle.yaml")]
    [DataRow(3, "get", "tenants")]
    [DataRow(3, "status")]
    public async Task A_command_that_cannot_be_done_says_why_on_stderr_alone(int code, params string[] arguments)
    {
        // Nothing listens at this one's addresses.
        await using var drizzle = DrizzleProcess.Prepare();

        var run = (await drizzle.RunAsync(arguments)).Ended(code);

        Assert.AreEqual("", run.Out);
        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.StartsWith("drizzle: ", run.Error);
    }

    [TestMethod]
    public async Task What_the_admin_API_refuses_is_1_and_its_reason_is_on_stderr()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();

        var run = (await drizzle.RunAsync("create", "tenant", "Not A Slug")).Ended(1);
        var stranger = (await drizzle.RunAsync("get", "tenants", "--token", "drzadm_wrong", "-o", "json")).Ended(1);

        Assert.AreEqual("", run.Out + stranger.Out);
        Assert.Contains("slug", run.Error);
        Assert.Contains("token", stranger.Error);
        Assert.DoesNotContain("drzadm_wrong", stranger.Error);
    }

    [TestMethod]
    [DataRow("--help")]
    [DataRow("--version")]
    [DataRow("create", "key", "--help")]
    public async Task Asking_for_help_is_done(params string[] arguments)
    {
        await using var drizzle = DrizzleProcess.Prepare();
        var run = (await drizzle.RunAsync(arguments)).Ended(0);
        Assert.AreEqual("", run.Error);
        Assert.AreNotEqual("", run.Out);
    }
}
