using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Documentation;

/// <summary>Writes the configuration reference from the model and its own comments, so that neither is ahead of the other.</summary>
internal sealed partial class ConfigurationReference
{
    private readonly Dictionary<string, XElement> _comments = XDocument
        .Load(Path.ChangeExtension(typeof(ConfigurationFile).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(m => m.Attribute("name")?.Value ?? "");

    private readonly Queue<Type> _open = new([typeof(ConfigurationFile)]);
    private readonly HashSet<Type> _seen = [typeof(ConfigurationFile)];
    private readonly StringBuilder _page = new();

    public static string Write() => new ConfigurationReference().WriteAll();

    private string WriteAll()
    {
        _page.Append("# Configuration reference\n\n");
        _page.Append("Made from the model's own comments; a test keeps it so. A field without \"required\" may be left out.\n");
        while (_open.TryDequeue(out var type)) WriteRecord(type);
        return _page.ToString();
    }

    private void WriteRecord(Type type)
    {
        _page.Append($"\n## {TitleOf(type)}\n\n{Summary($"T:{type.FullName}")}\n\n| field | type | |\n|---|---|---|\n");
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && !p.IsDefined(typeof(StoredFormAttribute))))
        {
            var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "**Required.** " : "";
            _page.Append($"| `{JsonNamingPolicy.CamelCase.ConvertName(property.Name)}` | {TypeText(property.PropertyType)} | {required}{Summary($"P:{type.FullName}.{property.Name}")}{Choices(property.PropertyType)} |\n");
        }
    }

    private string TypeText(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsGenericType && plain.GetGenericTypeDefinition() == typeof(ValueList<>)) return $"list of {TypeText(plain.GetGenericArguments()[0])}";
        if (plain == typeof(ValueMap)) return "names with values";
        if (plain == typeof(string)) return "text";
        if (plain == typeof(bool)) return "true or false";
        if (plain == typeof(int) || plain == typeof(long) || plain == typeof(double)) return "number";
        if (plain == typeof(Duration) || plain == typeof(ByteSize) || plain == typeof(Rate)) return plain.Name.ToLowerInvariant();
        if (plain.IsEnum) return "one of";
        if (_seen.Add(plain)) _open.Enqueue(plain);
        return $"[{TitleOf(plain)}](#{TitleOf(plain).ToLowerInvariant().Replace(' ', '-')})";
    }

    private string Choices(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsGenericType) plain = plain.GetGenericArguments()[0];
        if (!plain.IsEnum) return "";
        var choices = Enum.GetNames(plain).Select(name => (Name: JsonNamingPolicy.CamelCase.ConvertName(name), Comment: Summary($"F:{plain.FullName}.{name}")));
        return " " + string.Join("; ", choices.Select(c => c.Comment.Length == 0 ? $"`{c.Name}`" : $"`{c.Name}`: {c.Comment.TrimEnd('.')}")) + ".";
    }

    private static string TitleOf(Type type) => WordStart().Replace(type.Name, " $0").Trim().ToLowerInvariant() switch
    {
        "configuration file" => "The file",
        var title => char.ToUpperInvariant(title[0]) + title[1..],
    };

    private string Summary(string member)
    {
        if (!_comments.TryGetValue(member, out var comment) || comment.Element("summary") is not { } summary) return "";
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Attribute("cref")?.Value.Split('.')[^1] ?? other.Value,
            _ => node.ToString(),
        }));
        return Spaces().Replace(text, " ").Trim().Replace("|", "\\|");
    }

    [GeneratedRegex(@"[A-Z]", RegexOptions.None, 1000)]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
