using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>Changes to request and response on their way through.</summary>
public sealed record Transforms
{
    /// <summary>Removed from the start of the path, when it is there.</summary>
    public string? StripPrefix { get; init; }

    /// <summary>The whole new path; <c>{name}</c> stands for what the pattern's <c>{name}</c> matched, <c>{**}</c> for what <c>**</c> matched.</summary>
    public string? RewritePath { get; init; }

    /// <summary>Changes to the request's headers.</summary>
    public HeaderChanges? Request { get; init; }

    /// <summary>Changes to the response's headers.</summary>
    public HeaderChanges? Response { get; init; }

    /// <summary>Changes to the query.</summary>
    public QueryChanges? Query { get; init; }
}

/// <summary>Changes to headers, in this order: remove, set, add.</summary>
public sealed record HeaderChanges
{
    /// <summary>Headers taken away.</summary>
    public ValueList<string> Remove { get; init; }

    /// <summary>Headers set, whatever was there.</summary>
    public ValueMap Set { get; init; }

    /// <summary>Values added to what was there.</summary>
    public ValueMap Add { get; init; }
}

/// <summary>Changes to query parameters, in this order: remove, set.</summary>
public sealed record QueryChanges
{
    /// <summary>Parameters taken away.</summary>
    public ValueList<string> Remove { get; init; }

    /// <summary>Parameters set, whatever was there.</summary>
    public ValueMap Set { get; init; }
}
