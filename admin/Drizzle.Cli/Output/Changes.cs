using System.Text.Json;

namespace Drizzle.Cli.Output;

/// <summary>Shows what a change did, or would do.</summary>
internal static class Changes
{
    private const int MostFields = 20;
    private const int LongestValue = 80;

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
        PrintAll(changes);
    }

    public static void PrintAll(JsonElement changes)
    {
        foreach (var change in changes.EnumerateArray())
        {
            Terminal.Line($"  {SignOf(Cells.Of(change, "action"))} {Cells.Of(change, "kind")} {Cells.Of(change, "name")}");
            if (change.TryGetProperty("fields", out var fields)) PrintFields(fields);
        }
    }

    private static void PrintFields(JsonElement fields)
    {
        foreach (var field in fields.EnumerateArray().Take(MostFields))
        {
            Terminal.Line($"      {Cells.Of(field, "path")}: {Shown(field, "before")} → {Shown(field, "after")}");
        }
        if (fields.GetArrayLength() > MostFields) Terminal.Line($"      and {fields.GetArrayLength() - MostFields} more");
    }

    private static string Shown(JsonElement field, string side) =>
        !field.TryGetProperty(side, out var value) ? "none" : value.GetRawText() is { Length: > LongestValue } text ? text[..LongestValue] + "…" : value.GetRawText();

    private static char SignOf(string action) => action switch { "add" => '+', "remove" => '-', _ => '~' };
}
