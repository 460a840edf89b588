using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;

namespace Drizzle.Edge.Forwarding;

/// <summary>A route's transforms, compiled. Routes without any share <see cref="None"/>.</summary>
internal sealed class RequestChanges
{
    public static readonly RequestChanges None = new(null, []);

    private readonly Transforms? _model;
    private readonly PathTemplate? _template;
    private readonly PathPattern[] _patterns;

    private RequestChanges(Transforms? model, PathPattern[] patterns)
    {
        _model = model;
        _patterns = patterns;
        _template = model?.RewritePath is { } text ? PathTemplate.Parse(text, out _) : null;
    }

    public HeaderChanges? Request => _model?.Request;

    public HeaderChanges? Response => _model?.Response;

    public static RequestChanges Of(Transforms? model, PathPattern[] patterns) => model is null ? None : new(model, patterns);

    /// <summary>The path that goes upstream, in normal form, so that no change makes it mean something else.</summary>
    public ReadOnlySpan<char> PathOf(Exchange exchange, bool isImplicit)
    {
        var path = exchange.MatchPath;
        if (isImplicit) return AfterFirstSegment(path);
        if (_template is null && _model?.StripPrefix is null) return path;
        var changed = _template is not null ? Fill(path.ToString()) : WithoutPrefix(path.ToString(), _model?.StripPrefix ?? "");
        return NormalPath.TryNormalize(changed, out var normal, out _) == PathVerdict.Ok ? normal : path;
    }

    /// <summary>The query that goes upstream, with its question mark, or empty.</summary>
    public string QueryOf(string query)
    {
        if (_model?.Query is not { } changes) return query;
        var kept = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => Uri.UnescapeDataString(pair.Split('=', 2)[0]) is var name && !changes.Remove.Contains(name) && !changes.Set.Any(s => s.Key == name));
        var all = kept.Concat(changes.Set.Select(s => $"{Uri.EscapeDataString(s.Key)}={Uri.EscapeDataString(s.Value)}")).ToList();
        return all.Count == 0 ? "" : "?" + string.Join('&', all);
    }

    private static ReadOnlySpan<char> AfterFirstSegment(ReadOnlySpan<char> path)
    {
        var slash = path[1..].IndexOf('/');
        return slash < 0 ? "/" : path[(slash + 1)..];
    }

    private static string WithoutPrefix(string path, string prefix)
    {
        var end = prefix.TrimEnd('/').Length;
        var isThere = path.StartsWith(prefix.TrimEnd('/'), StringComparison.Ordinal) && (path.Length == end || path[end] == '/');
        return !isThere ? path : path.Length == end ? "/" : path[end..];
    }

    private string Fill(string path)
    {
        var values = PathCaptures.Of(_patterns, path);
        var filled = new StringBuilder();
        foreach (var part in _template?.Parts ?? []) filled.Append(part.IsName ? values.GetValueOrDefault(part.Text, "") : part.Text);
        return filled.Length == 0 || filled[0] != '/' ? "/" + filled : filled.ToString();
    }
}
