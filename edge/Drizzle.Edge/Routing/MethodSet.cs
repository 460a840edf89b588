using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Routing;

/// <summary>What can be said of a route's conditions in one number.</summary>
[Flags]
internal enum MethodSet
{
    None = 0,
    Get = 1,
    Head = 2,
    Post = 4,
    Put = 8,
    Patch = 16,
    Delete = 32,
    Options = 64,

    /// <summary>Any method without a name here; the route itself knows which.</summary>
    Other = 128,
    All = 255,

    /// <summary>The route has conditions besides: other methods, headers, query.</summary>
    MoreConditions = 256,

    /// <summary>A service that answers by its slug.</summary>
    UnderPrefixOnly = 512,
}

internal static class MethodSets
{
    public static MethodSet Of(string method) => method switch
    {
        "GET" => MethodSet.Get,
        "HEAD" => MethodSet.Head,
        "POST" => MethodSet.Post,
        "PUT" => MethodSet.Put,
        "PATCH" => MethodSet.Patch,
        "DELETE" => MethodSet.Delete,
        "OPTIONS" => MethodSet.Options,
        _ => MethodSet.Other,
    };

    public static MethodSet Of(CompiledRoute route)
    {
        if (route.Match is not { } match) return MethodSet.All | MethodSet.UnderPrefixOnly;
        var methods = MethodSet.None;
        foreach (var method in match.Methods) methods |= Of(method);
        if (methods == MethodSet.None) methods = MethodSet.All;
        var hasMore = match.Headers.Count > 0 || match.Query.Count > 0 || (match.Methods.Count > 0 && (methods & MethodSet.Other) != MethodSet.None);
        return hasMore ? methods | MethodSet.MoreConditions : methods;
    }
}
