using System.Text.Json;

namespace Drizzle.Cli.Output;

/// <summary>Shows what a change did, or would do.</summary>
internal static class Changes
{
    /// <param name="answer"><c>{ revision, changes }</c></param>
    public static void Print(string scope, JsonElement answer, bool isTrial)
    {
        var revision = answer.GetProperty("revision").GetInt64();
        var changes = answer.GetProperty("changes");
        if (changes.GetArrayLength() == 0)
        {
            Terminal.Line($"{scope}: unchanged (revision {revision})");
            return;
        }
        Terminal.Line(isTrial ? $"{scope}: would change (now revision {revision})" : $"{scope}: revision {revision}");
        foreach (var change in changes.EnumerateArray())
        {
            Terminal.Line($"  {SignOf(Cells.Of(change, "action"))} {Cells.Of(change, "kind")} {Cells.Of(change, "name")}");
        }
    }

    private static char SignOf(string action) => action switch { "add" => '+', "remove" => '-', _ => '~' };
}
