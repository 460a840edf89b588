using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Drizzle.Contracts.Writing;

/// <summary>Writes a record of the model as YAML, by way of its JSON form, so that both have the same names and defaults.</summary>
public static class YamlWriter
{
    public static string Write<T>(T value, JsonTypeInfo<T> type) => Write(JsonSerializer.SerializeToElement(value, type));

    public static string Write(JsonElement element)
    {
        var text = new StringWriter { NewLine = "\n" };
        // Lines are never folded: the emitter folds before a tab too, and a reader then loses the tab.
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024, indentSequences: true));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, element);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Emit(Emitter emitter, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var property in element.EnumerateObject())
                {
                    emitter.Emit(Plainest(property.Name));
                    Emit(emitter, property.Value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonValueKind.Array:
                var isShort = element.EnumerateArray().All(e => e.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, isShort ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in element.EnumerateArray()) Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValueKind.String:
                emitter.Emit(Text(element.GetString() ?? ""));
                break;
            default:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, element.GetRawText(), ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));
                break;
        }
    }

    /// <summary>A value. Every reader would replace "${" in it by its environment, so that is written in the form that stands for itself.</summary>
    private static Scalar Text(string text) => Plainest(text.Replace("${", "$${", StringComparison.Ordinal));

    private static Scalar Plainest(string text)
    {
        var style = IsBlock(text) ? ScalarStyle.Literal : IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        return new Scalar(AnchorName.Empty, TagName.Empty, text, style, isPlainImplicit: style == ScalarStyle.Plain, isQuotedImplicit: true);
    }

    /// <summary>Lines that a block gives back as they are: it has no way to write another break than a line feed, and none to begin with one.</summary>
    private static bool IsBlock(string text) =>
        text.Contains('\n', StringComparison.Ordinal) && !char.IsWhiteSpace(text[0]) && text.AsSpan().IndexOfAny("\r\u0085\u2028\u2029") < 0;

    /// <summary>Plain only where no YAML reader, of 1.1 or 1.2, takes it for anything but text.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0
        && (char.IsAsciiLetter(text[0]) || text[0] == '/')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+' or '@')
        && text.ToLowerInvariant() is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n");
}
