using System.Globalization;

namespace Drizzle.Contracts.Reading;

/// <summary>A configuration as it was written, in YAML or JSON alike: a scalar, a list or a map, each with its line.</summary>
public abstract class ConfigNode(int line)
{
    /// <summary>From 1; 0 where the source has no lines.</summary>
    public int Line { get; } = line;

    /// <summary>Nodes in this tree, an alias counted as what it stands for.</summary>
    public long Size { get; internal set; } = 1;

    /// <summary>The line of the deepest node that exists on a path such as <c>routes[2].name</c>.</summary>
    public int? LineAt(string path)
    {
        var node = this;
        foreach (var step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = node.Child(step);
            if (next is null) break;
            node = next;
        }
        return node.Line == 0 ? null : node.Line;
    }

    private ConfigNode? Child(string step) => this switch
    {
        ConfigMap map => map.Entries.FirstOrDefault(e => e.Key == step)?.Value,
        ConfigList list when int.TryParse(step.TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count => list.Items[index],
        _ => null,
    };
}

/// <summary>Text; <see cref="IsQuoted"/> text is never taken for null, a number or a truth value.</summary>
public sealed class ConfigScalar(string text, bool isQuoted, int line) : ConfigNode(line)
{
    public string Text { get; } = text;

    public bool IsQuoted { get; } = isQuoted;

    public bool IsNull => !IsQuoted && Text is "" or "~" or "null";
}

public sealed class ConfigList(IReadOnlyList<ConfigNode> items, int line) : ConfigNode(line)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;
}

public sealed class ConfigMap(IReadOnlyList<ConfigEntry> entries, int line) : ConfigNode(line)
{
    public IReadOnlyList<ConfigEntry> Entries { get; } = entries;
}

/// <param name="Key">As written.</param>
/// <param name="Line">The key's line.</param>
/// <param name="Value">What it maps to.</param>
public sealed record ConfigEntry(string Key, int Line, ConfigNode Value);
