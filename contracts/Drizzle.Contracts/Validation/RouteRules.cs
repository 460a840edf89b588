using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Routes: each by itself, and no two that would tie.</summary>
internal static class RouteRules
{
    private const int MostConditions = 16;
    private const int MostTags = 32;

    public static void Check(Tenant tenant, string path, Findings findings)
    {
        var services = tenant.Services.Select(s => s.Slug).ToHashSet();
        var ties = new TieFinder(findings);
        for (var i = 0; i < tenant.Routes.Count; i++)
        {
            var route = tenant.Routes[i];
            var at = $"{path}.routes[{i}]";
            if (!services.Contains(route.Service)) findings.Add($"{at}.service", $"There is no service '{Names.Shown(route.Service)}' in this tenant.");
            CheckMatch(route, tenant, at, ties, findings);
            CheckAuth(route, at, findings);
            CheckTags(route, at, findings);
            LimitRules.Check(route.Limits, $"{at}.limits", findings);
            LimitRules.Check(route.Concurrency, $"{at}.concurrency", findings);
            if (route.Cost is < 1 or > 1_000_000) findings.Add($"{at}.cost", "1 to 1000000.");
            if (route.Transforms is { } transforms) TransformRules.Check(transforms, route, $"{at}.transforms", findings);
            if (route.Cors is { } cors) CheckCors(cors, $"{at}.cors", findings);
        }
    }

    private static void CheckTags(Route route, string at, Findings findings)
    {
        if (route.Tags.Count > MostTags) findings.Add($"{at}.tags", $"At most {MostTags}.");
        for (var i = 0; i < route.Tags.Count; i++)
        {
            if (Names.NameError(route.Tags[i]) is { } error) findings.Add($"{at}.tags[{i}]", error);
        }
    }

    private static void CheckMatch(Route route, Tenant tenant, string at, TieFinder ties, Findings findings)
    {
        var match = route.Match;
        CheckHosts(match.Hosts, tenant, $"{at}.match.hosts", findings);
        CheckMethods(match.Methods, $"{at}.match.methods", findings);
        CheckConditions(match.Headers, $"{at}.match.headers", isHeader: true, findings);
        CheckConditions(match.Query, $"{at}.match.query", isHeader: false, findings);
        if (match.Paths.Count is 0 or > 64) findings.Add($"{at}.match.paths", "A route has 1 to 64 paths; /** is all of them.");
        for (var i = 0; i < match.Paths.Count; i++)
        {
            var where = $"{at}.match.paths[{i}]";
            if (PathPattern.Parse(match.Paths[i], out var error) is { } pattern) ties.Add(route, pattern, where);
            else findings.Add(where, error ?? "Not a path pattern.");
        }
    }

    private static void CheckHosts(ValueList<string> hosts, Tenant tenant, string path, Findings findings)
    {
        if (hosts.Count > 64) findings.Add(path, "At most 64 hosts on one route.");
        for (var i = 0; i < hosts.Count; i++)
        {
            var host = hosts[i];
            if (HostPattern.Error(host) is { } error) findings.Add($"{path}[{i}]", error);
            else if (!tenant.Hosts.Any(h => HostPattern.Covers(h, host))) findings.Add($"{path}[{i}]", $"'{host}' is not among the tenant's own hosts.");
        }
    }

    private static void CheckMethods(ValueList<string> methods, string path, Findings findings)
    {
        for (var i = 0; i < methods.Count; i++)
        {
            if (!Names.IsToken(methods[i]) || methods[i].Any(char.IsAsciiLetterLower)) findings.Add($"{path}[{i}]", $"'{Names.Shown(methods[i])}': a method is written in upper case, such as GET.");
            else if (methods[i] is "TRACE" or "CONNECT") findings.Add($"{path}[{i}]", $"{methods[i]} is never forwarded.");
        }
    }

    private static void CheckConditions(ValueList<ValueMatch> conditions, string path, bool isHeader, Findings findings)
    {
        if (conditions.Count > MostConditions) findings.Add(path, $"At most {MostConditions}.");
        for (var i = 0; i < conditions.Count; i++)
        {
            var isFine = isHeader ? Names.IsToken(conditions[i].Name) : conditions[i].Name.Length is > 0 and <= 128;
            if (!isFine) findings.Add($"{path}[{i}].name", isHeader ? "Not a header name." : "1 to 128 characters.");
        }
    }

    private static void CheckAuth(Route route, string at, Findings findings)
    {
        if (route.Auth.Count > 1 && route.Auth.Contains(AuthMethod.None)) findings.Add($"{at}.auth", "'none' stands alone: it wants no credential.");
    }

    private static void CheckCors(Cors cors, string path, Findings findings)
    {
        if (cors.Origins.Count is 0 or > 100) findings.Add($"{path}.origins", "1 to 100 origins, or '*'.");
        if (cors.Credentials && cors.Origins.Contains("*")) findings.Add($"{path}.origins", "'*' and credentials do not go together: name the origins.");
        for (var i = 0; i < cors.Origins.Count; i++)
        {
            var origin = cors.Origins[i];
            if (origin == "*") continue;
            var isFine = Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.GetLeftPart(UriPartial.Authority) == origin;
            if (!isFine) findings.Add($"{path}.origins[{i}]", "An origin is a scheme, host and port in lower case, such as https://app.acme.test.");
        }
        CheckTokens(cors.Methods, $"{path}.methods", findings);
        CheckTokens(cors.Headers, $"{path}.headers", findings);
        CheckTokens(cors.ExposedHeaders, $"{path}.exposedHeaders", findings);
    }

    private static void CheckTokens(ValueList<string> tokens, string path, Findings findings)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!Names.IsToken(tokens[i])) findings.Add($"{path}[{i}]", $"'{Names.Shown(tokens[i])}' is not a valid name.");
        }
    }
}
