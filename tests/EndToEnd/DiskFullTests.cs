using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class DiskFullTests
{
    // Files may grow to 1 MiB and the signal that says so is ignored, which is how a full disk looks to a process. The runtime's own
    // double mapping of code wants a large file, so it is off here.
    private const string Limited = "trap '' XFSZ; export DOTNET_EnableWriteXorExecute=0; ulimit -S -f 1024; exec \"$0\" up";

    [TestMethod]
    public async Task A_full_disk_is_said_loses_nothing_acknowledged_and_is_recovered_from()
    {
        await using var drizzle = DrizzleProcess.Prepare();
        await drizzle.StartAsAsync("bash", ["-c", Limited, BuiltProgram.Path]);
        var acknowledged = new List<string>();

        var refused = await FillAsync(drizzle.Api, acknowledged);

        refused.Is(503, "engine-unavailable");
        Assert.Contains("nothing was written", refused.Text("detail"));
        Assert.AreNotEqual(0, acknowledged.Count);
        Assert.IsTrue(await drizzle.IsReadyAsync(), "The gateway goes on.");
        await ExpectAsync(drizzle, acknowledged);

        (await ProgramRun.OfAsync("prlimit", ["--pid", $"{drizzle.Program.Id}", "--fsize=unlimited"])).Ended(0);
        (await drizzle.Api.PutAsync("/v1/tenants/afterwards", """{"slug":"afterwards"}""")).IsDone();
        acknowledged.Add("afterwards");
        await drizzle.KillAsync();
        await drizzle.StartAsync();
        await ExpectAsync(drizzle, acknowledged);
    }

    [TestMethod]
    public async Task A_disk_that_is_full_at_the_start_is_one_clear_sentence()
    {
        await using var drizzle = DrizzleProcess.Prepare();

        var run = (await ProgramRun.OfAsync("bash", ["-c", Limited.Replace("1024", "8", StringComparison.Ordinal), BuiltProgram.Path], drizzle.Environment)).Ended(1);

        Assert.HasCount(1, run.ErrorLines, run.Error);
        Assert.Contains("full", run.Error);
    }

    /// <returns>The first answer that was not done.</returns>
    private static async Task<ApiAnswer> FillAsync(AdminApi api, List<string> acknowledged)
    {
        // Text that does not compress.
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var slug = $"t{i}";
            var policies = Enumerable.Range(0, 4).Select(n => $$"""{"name":"p{{n}}","cedar":"// {{Convert.ToHexString(RandomBytes(random, 8000))}}\npermit(principal, action, resource);"}""");
            var answer = await api.PutAsync($"/v1/tenants/{slug}", $$"""{"slug":"{{slug}}","policies":[{{string.Join(',', policies)}}]}""");
            if (answer.Status != 200) return answer;
            acknowledged.Add(slug);
        }
        throw new AssertFailedException("The disk was never full.");
    }

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static async Task ExpectAsync(DrizzleProcess drizzle, List<string> acknowledged)
    {
        var stored = (await drizzle.Api.GetAsync("/v1/tenants")).IsDone().Body.EnumerateArray().Select(t => t.GetProperty("slug").GetString() ?? "").ToList();
        CollectionAssert.AreEquivalent(acknowledged, stored);
    }
}
