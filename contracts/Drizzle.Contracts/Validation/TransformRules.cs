using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Changes to requests and responses.</summary>
internal static class TransformRules
{
    /// <summary>Headers that frame a message or speak of one connection: no configuration may write them.</summary>
    internal static readonly HashSet<string> Untouchable = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "TE", "Trailer", "Keep-Alive", "Proxy-Connection", "Host", "Expect",
    };

    public static void Check(Transforms transforms, Route route, string path, Findings findings)
    {
        if (transforms is { StripPrefix: not null, RewritePath: not null }) findings.Add($"{path}.rewritePath", "Either stripPrefix or rewritePath, not both.");
        if (transforms.StripPrefix is { } prefix && NormalError(prefix) is { } error) findings.Add($"{path}.stripPrefix", error);
        if (transforms.RewritePath is { } template) CheckTemplate(template, route, $"{path}.rewritePath", findings);
        if (transforms.Request is { } request) CheckHeaders(request, $"{path}.request", findings);
        if (transforms.Response is { } response) CheckHeaders(response, $"{path}.response", findings);
        if (transforms.Query is { } query) CheckQuery(query, $"{path}.query", findings);
    }

    private static void CheckQuery(QueryChanges changes, string path, Findings findings)
    {
        for (var i = 0; i < changes.Remove.Count; i++)
        {
            if (changes.Remove[i].Length is 0 or > 128) findings.Add($"{path}.remove[{i}]", "A parameter's name has 1 to 128 characters.");
        }
        foreach (var (name, value) in changes.Set)
        {
            if (name.Length is 0 or > 128 || value.Length > 4096) findings.Add($"{path}.set.{name}", "A parameter's name has 1 to 128 characters, its value at most 4096.");
        }
    }

    private static string? NormalError(string path) =>
        NormalPath.TryNormalize(path, out var normal, out _) == PathVerdict.Ok && normal == path ? null : "Not a path in normal form, such as /api/v1.";

    private static void CheckTemplate(string template, Route route, string path, Findings findings)
    {
        if (PathTemplate.Parse(template, out var error) is not { } parsed)
        {
            findings.Add(path, error ?? "Not a path.");
            return;
        }
        foreach (var pattern in route.Match.Paths)
        {
            if (PathPattern.Parse(pattern, out _) is not { } known) continue;
            foreach (var name in parsed.Names)
            {
                if (!known.Segments.Any(s => name == "**" ? s.Kind == SegmentKind.Rest : s.Kind == SegmentKind.Any && s.Text == name))
                {
                    findings.Add(path, $"{{{name}}} is not in the pattern '{pattern}'.");
                }
            }
        }
    }

    private static void CheckHeaders(HeaderChanges changes, string path, Findings findings)
    {
        for (var i = 0; i < changes.Remove.Count; i++) CheckName(changes.Remove[i], $"{path}.remove[{i}]", findings);
        CheckMap(changes.Set, $"{path}.set", findings);
        CheckMap(changes.Add, $"{path}.add", findings);
    }

    private static void CheckMap(ValueMap map, string path, Findings findings)
    {
        foreach (var (name, value) in map)
        {
            CheckName(name, $"{path}.{name}", findings);
            if (!Names.IsHeaderValue(value)) findings.Add($"{path}.{name}", "A header value has at most 4096 printable ASCII characters.");
        }
    }

    private static void CheckName(string name, string path, Findings findings)
    {
        if (!Names.IsToken(name)) findings.Add(path, $"'{Names.Shown(name)}' is not a header name.");
        else if (Untouchable.Contains(name)) findings.Add(path, $"{name} belongs to the connection and cannot be changed.");
    }
}
