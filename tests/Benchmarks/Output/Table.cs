using System.Globalization;

namespace Drizzle.Benchmarks.Output;

/// <param name="Name">Also the name in JSON; it carries the unit.</param>
/// <param name="Format">How a number is shown to people.</param>
internal sealed record Column(string Name, string Format = "");

/// <summary>Figures. A cell is a text, a number, or null for none.</summary>
internal sealed class Table(string title, params Column[] columns)
{
    private readonly List<object?[]> _rows = [];

    public string Title { get; } = title;

    public void Add(params object?[] cells) => _rows.Add(cells);

    public IEnumerable<string> Lines()
    {
        string[][] shown = [[.. columns.Select(c => c.Name)], .. _rows.Select(row => row.Select(Text).ToArray())];
        var widths = columns.Select((_, i) => shown.Max(row => row[i].Length)).ToArray();
        return shown.Select(row => string.Join("  ", row.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).TrimEnd());
    }

    public IEnumerable<IReadOnlyDictionary<string, object?>> Records() =>
        _rows.Select(row => columns.Select((column, i) => (column.Name, Value: row[i])).ToDictionary(p => p.Name, p => p.Value));

    private string Text(object? cell, int column) => cell switch
    {
        null => "-",
        IFormattable number => number.ToString(columns[column].Format, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };
}
