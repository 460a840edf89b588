using System.Text.Encodings.Web;
using System.Text.Json;
using Drizzle.Contracts.Writing;
using Spectre.Console;

namespace Drizzle.Cli.Output;

/// <summary>Answers go to stdout, everything else to stderr.</summary>
internal static class Terminal
{
    /// <summary>Wide enough that no cell is broken where nobody looks at a screen.</summary>
    private const int WidthWithoutScreen = 1000;

    // A terminal is no HTML page.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Line(string text) => Console.Out.WriteLine(Safe(text));

    public static void Error(string sentence) => Console.Error.WriteLine("drizzle: " + Safe(sentence));

    public static void Note(string text) => Console.Error.WriteLine(Safe(text));

    /// <returns>Whether the answer was yes.</returns>
    /// <exception cref="CommandFailure">Nobody is there who could answer.</exception>
    public static bool Ask(string question)
    {
        if (Console.IsInputRedirected) throw new CommandFailure(ExitCode.WrongUsage, $"{question} Nobody is here to ask: say --yes where that is meant.");
        Console.Error.Write(Safe($"{question} [y/N] "));
        return Console.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    /// <summary>For whoever watches; nothing where nobody does.</summary>
    public static void Progress(string text)
    {
        if (!Console.IsErrorRedirected) Note(text);
    }

    /// <summary>Text that is a document of its own, as it is.</summary>
    public static void Document(string text) => Console.Out.Write(text.EndsWith('\n') ? text : text + "\n");

    /// <summary>Shows an answer in the form asked for; <paramref name="table"/> draws it for people.</summary>
    public static void Show(JsonElement answer, string form, Action<JsonElement> table)
    {
        if (form == "json") Document(JsonSerializer.Serialize(answer, Indented));
        else if (form == "yaml") Document(YamlWriter.Write(answer));
        else table(answer);
    }

    public static void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().NoBorder().LeftAligned();
        foreach (var header in headers) table.AddColumn(new TableColumn(new Text(header.ToUpperInvariant())).PadLeft(0).PadRight(2).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(Safe(cell))));
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected) console.Profile.Width = WidthWithoutScreen;
        console.Write(table);
    }

    /// <summary>What others wrote must not steer this terminal.</summary>
    private static string Safe(string text) =>
        text.Any(c => char.IsControl(c) && c != '\n') ? string.Concat(text.Select(c => char.IsControl(c) && c != '\n' ? '?' : c)) : text;
}
