using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;
using Drizzle.Contracts.Model;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Routing;

/// <summary>What a route's conditions other than the path look at.</summary>
/// <param name="Host">Lower case, without port.</param>
/// <param name="IsUnderPrefix">Whether the request came as <c>/{tenant}/…</c>; then no route with hosts matches, and services answer by their slugs.</param>
internal readonly record struct MatchRequest(string Host, bool IsUnderPrefix, string Method, HttpRequest? Http)
{
    public bool IsMetBy(in RouteTable.Entry entry)
    {
        if (entry.Host is { } host && (IsUnderPrefix || !HostPattern.Covers(host, Host))) return false;
        if ((entry.Methods & MethodSet.UnderPrefixOnly) != MethodSet.None && !IsUnderPrefix) return false;
        if ((entry.Methods & MethodSets.Of(Method)) == MethodSet.None) return false;
        if ((entry.Methods & MethodSet.MoreConditions) == MethodSet.None || entry.Route.Match is not { } match) return true;
        return HasMethod(match.Methods) && HasHeaders(match.Headers) && HasQuery(match.Query);
    }

    private bool HasMethod(ValueList<string> methods)
    {
        if (methods.Count == 0) return true;
        foreach (var method in methods)
        {
            if (method == Method) return true;
        }
        return false;
    }

    private bool HasHeaders(ValueList<ValueMatch> conditions)
    {
        foreach (var condition in conditions)
        {
            var values = Http?.Headers[condition.Name] ?? default;
            if (values.Count == 0 || (condition.Value is { } wanted && !values.Contains(wanted))) return false;
        }
        return true;
    }

    private bool HasQuery(ValueList<ValueMatch> conditions)
    {
        foreach (var condition in conditions)
        {
            var values = Http?.Query[condition.Name] ?? default;
            if (values.Count == 0 || (condition.Value is { } wanted && !values.Contains(wanted))) return false;
        }
        return true;
    }
}
