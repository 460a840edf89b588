using Drizzle.EndToEnd.Hosting;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    [DataRow("drizzle roll", "rollback")]
    [DataRow("drizzle get te", "tenant")]
    [DataRow("drizzle create token x --role ed", "editor")]
    [DataRow("drizzle apply --pr", "--prune")]
    public async Task Bash_completes_words_of_the_command(string line, string expected)
    {
        var words = line.Split(' ');
        var script = $"""
            source <("$0" completion bash)
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_CWORD={words.Length - 1}
            COMP_WORDS=("$0" {string.Join(' ', words.Skip(1))})
            _drizzle
            printf '%s\n' "$COMPREPLY[@]"
            """.Replace("$COMPREPLY[@]", "${COMPREPLY[@]}", StringComparison.Ordinal);
        var run = (await ProgramRun.OfAsync("bash", ["-c", script, BuiltProgram.Path])).Ended(0);
        CollectionAssert.Contains(run.Out.Split('\n'), expected, run.Out + run.Error);
    }

    [TestMethod]
    public async Task Zsh_gets_a_script_and_other_shells_are_told_what_there_is()
    {
        Assert.Contains("compdef _drizzle", (await ProgramRun.OfAsync(BuiltProgram.Path, ["completion", "zsh"])).Ended(0).Out);
        Assert.Contains("bash", (await ProgramRun.OfAsync(BuiltProgram.Path, ["completion", "fish"])).Ended(2).Error);
    }
}
