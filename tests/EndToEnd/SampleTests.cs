using System.Text.RegularExpressions;
using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed partial class SampleTests
{
    [TestMethod]
    public async Task Every_line_that_the_sample_says_to_try_works()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await using var sample = await StartedProgram.StartAsync(BuiltProgram.Path, ["sample", "--port", $"{FreePorts.NextPair()}"], drizzle.Environment);
        await Eventually.TrueAsync("the sample runs", () => sample.HasExited || sample.Out.Contains("until Ctrl-C", StringComparison.Ordinal));
        Assert.IsFalse(sample.HasExited, sample.Error);
        await drizzle.CaughtUpAsync();

        var lines = sample.Out.Split('\n').Select(l => l.Trim()).Where(l => l.StartsWith("curl ", StringComparison.Ordinal)).ToList();

        Assert.HasCount(4, lines);
        Assert.Contains("\"service\":\"echo\"", (await TryAsync(lines[0])).Out);
        Assert.Contains("HTTP/1.1 401", (await TryAsync(lines[1])).Out);
        var answer = (await TryAsync(lines[2])).Out;
        Assert.Contains("HTTP/1.1 200", answer);
        Assert.Contains("\"path\":\"/42\"", answer);
        await using var events = await StartedProgram.StartAsync("bash", ["-c", $"exec {lines[3]}"]);
        await Eventually.TrueAsync("a second event comes", () => events.Out.Contains("data: 2", StringComparison.Ordinal));
        await sample.TerminateAsync();
        Assert.AreEqual(0, await sample.ExitAsync(), sample.Error);
    }

    [TestMethod]
    public async Task The_key_is_seen_only_as_the_sample_says_it()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var loaded = (await drizzle.RunAsync("sample", "--no-wait")).Ended(0);
        var key = KeyText().Match(loaded.Out).Value;

        Assert.AreNotEqual("", key);
        Assert.DoesNotContain(key, drizzle.Program.Out + drizzle.Program.Error);
        Assert.DoesNotContain(key, (await drizzle.RunAsync("export")).Ended(0).Out);
    }

    private static Task<ProgramRun> TryAsync(string line) => ProgramRun.OfAsync("bash", ["-c", line]);

    [GeneratedRegex("drz_[0-9A-Za-z]{8}_[0-9A-Za-z_-]{43}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KeyText();
}
