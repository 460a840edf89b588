using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>The script at the root, which builds where it must: alone, since others start what it builds.</summary>
[TestClass]
[DoNotParallelize]
public sealed class ScriptTests
{
    private static readonly string Script = Path.Combine(Repository.Root, "drizzle");

    [TestMethod]
    public async Task A_second_call_does_not_build()
    {
        using var folder = new TestFolder();
        (await BuildAsync()).Ended(0);
        var dotnet = folder.File("dotnet");
        await File.WriteAllTextAsync(dotnet, "#!/bin/sh\necho 'dotnet was run' >&2\nexit 99\n");
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var run = (await ProgramRun.OfAsync(Script, ["--help"], [new("PATH", $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}")])).Ended(0);

        Assert.AreEqual("", run.Error);
        Assert.Contains("up", run.Out);
    }

    [TestMethod]
    public async Task An_unknown_verb_is_wrong_usage()
    {
        (await BuildAsync()).Ended(0);
        var run = (await ProgramRun.OfAsync(Script, ["fly"])).Ended(2);
        Assert.Contains("fly", run.Error);
    }

    [TestMethod]
    public async Task It_can_be_called_from_anywhere()
    {
        (await BuildAsync()).Ended(0);
        var run = (await ProgramRun.OfAsync("bash", ["-c", "cd / && exec \"$0\" --version", Script])).Ended(0);
        Assert.AreNotEqual("", run.Out);
    }

    /// <summary>Builds where that was not done, which takes a while.</summary>
    private static async Task<ProgramRun> BuildAsync()
    {
        await using var program = await StartedProgram.StartAsync(Script, ["--help"]);
        await Eventually.TrueAsync("it is built", () => program.HasExited, TimeSpan.FromMinutes(5));
        return new(await program.ExitAsync(), program.Out, program.Error);
    }
}
