namespace Drizzle.Contracts.Model;

/// <summary>An object that is kept in a file: it is changed there, and read-only elsewhere.</summary>
public sealed record ObjectOwner
{
    /// <summary>Its kind and name in lower case, such as <c>route/read-orders</c>; a field of the tenant itself is <c>tenant/hosts</c>.</summary>
    public required string Object { get; init; }

    /// <summary>The file's name.</summary>
    public required string File { get; init; }
}
