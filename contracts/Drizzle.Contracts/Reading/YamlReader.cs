using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Drizzle.Contracts.Reading;

/// <summary>Reads YAML into nodes, <c>${NAME}</c> in scalars replaced by the reader's environment (<c>$${</c> stands for <c>${</c>).</summary>
public sealed partial class YamlReader
{
    private readonly Parser _parser;
    private readonly Func<string, string?> _environment;
    private readonly List<ConfigError> _errors;
    private readonly Dictionary<AnchorName, ConfigNode> _anchors = [];
    private bool _hasFailed;

    private YamlReader(TextReader text, Func<string, string?> environment, List<ConfigError> errors)
    {
        _parser = new Parser(text);
        _environment = environment;
        _errors = errors;
    }

    /// <returns>The document, or null with at least one error added.</returns>
    public static ConfigNode? Read(string text, Func<string, string?> environment, List<ConfigError> errors)
    {
        if (text.Length > ReadLimits.Characters)
        {
            errors.Add(new("", null, $"The document has {text.Length} characters; at most {ReadLimits.Characters} are read."));
            return null;
        }
        var reader = new YamlReader(new StringReader(text), environment, errors);
        try
        {
            var node = reader.Document();
            return reader._hasFailed ? null : node;
        }
        catch (YamlException e)
        {
            errors.Add(new("", (int)e.Start.Line, $"Not valid YAML: {e.Message}"));
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The parser's way to refuse a ':' after flow text of two lines, and an escape of no character.
            errors.Add(new("", (int)reader.Here.Line, "Not valid YAML: near here a bracket is not closed, a ':' is out of place or an escape means no character."));
            return null;
        }
    }

    private ConfigNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _)) return new ConfigMap([], 1);
        _parser.Consume<DocumentStart>();
        var node = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _)) throw new YamlException(Here, Here, "one document per file; a second one begins here");
        return node;
    }

    private Mark Here => _parser.Current?.Start ?? Mark.Empty;

    private ConfigNode Node(int depth)
    {
        if (depth > ReadLimits.Depth) throw new YamlException(Here, Here, $"nested deeper than {ReadLimits.Depth}");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.TryGetValue(alias.Value, out var target)
                ? target
                : throw new YamlException(alias.Start, alias.End, $"the alias *{alias.Value} names no anchor before it");
        }
        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
        ConfigNode node;
        if (_parser.TryConsume<Scalar>(out var scalar)) node = ScalarOf(scalar);
        else if (_parser.TryConsume<SequenceStart>(out var sequence)) node = ListOf(sequence, depth);
        else node = MapOf(_parser.Consume<MappingStart>(), depth);
        if (node.Size > ReadLimits.Nodes) throw new YamlException(Here, Here, $"more than {ReadLimits.Nodes} values");
        if (!anchor.IsEmpty) _anchors[anchor] = node;
        return node;
    }

    private ConfigList ListOf(SequenceStart start, int depth)
    {
        var items = new List<ConfigNode>();
        long size = 1;
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            var item = Node(depth + 1);
            size += item.Size;
            items.Add(item);
        }
        return new ConfigList(items, (int)start.Start.Line) { Size = size };
    }

    private ConfigMap MapOf(MappingStart start, int depth)
    {
        var entries = new List<ConfigEntry>();
        long size = 1;
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (!_parser.TryConsume<Scalar>(out var key)) throw new YamlException(Here, Here, "a key must be plain text");
            var value = Node(depth + 1);
            size += value.Size;
            entries.Add(new(key.Value, (int)key.Start.Line, value));
        }
        return new ConfigMap(entries, (int)start.Start.Line) { Size = size };
    }

    private ConfigScalar ScalarOf(Scalar scalar)
    {
        var line = (int)scalar.Start.Line;
        var text = scalar.Value;
        if (text.Contains("${", StringComparison.Ordinal)) text = Reference().Replace(text, m => Substitute(m, line));
        return new ConfigScalar(text, scalar.Style != ScalarStyle.Plain, line);
    }

    private string Substitute(Match match, int line)
    {
        if (match.Value[1] == '$') return match.Value[1..];
        var name = match.Groups["name"].Value;
        if (_environment(name) is { } value) return value;
        _hasFailed = true;
        if (_errors.Count < ReadLimits.Errors) _errors.Add(new("", line, $"${{{name}}} is not set in the environment."));
        return "";
    }

    [GeneratedRegex(@"\$\$\{|\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
