using System.Text;
using System.Text.Json;

namespace Drizzle.Benchmarks.Output;

/// <summary>What one benchmark found.</summary>
/// <param name="Name">The benchmark's.</param>
/// <param name="Measures">What was measured, in a sentence.</param>
/// <param name="Command">What repeats it.</param>
internal sealed record Report(string Name, string Measures, string Command)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public List<Table> Tables { get; } = [];

    /// <summary>What a reader must know to believe the figures.</summary>
    public List<string> Notes { get; } = [];

    public string ToText()
    {
        var text = new StringBuilder().AppendLine($"{Name}: {Measures}").AppendLine($"repeat: {Command}");
        foreach (var table in Tables)
        {
            text.AppendLine().AppendLine(table.Title);
            foreach (var line in table.Lines()) text.Append("  ").AppendLine(line);
        }
        if (Notes.Count > 0) text.AppendLine();
        foreach (var note in Notes) text.Append("note: ").AppendLine(note);
        return text.ToString();
    }

    public string ToJson() => JsonSerializer.Serialize(
        new { benchmark = Name, measures = Measures, command = Command, tables = Tables.Select(t => new { title = t.Title, rows = t.Records() }), notes = Notes }, Indented);
}
