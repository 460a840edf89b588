using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Explaining;

/// <summary>A request that is to be explained, not made.</summary>
public sealed record ExplainRequest
{
    /// <summary>In upper case. Default GET.</summary>
    public string? Method { get; init; }

    /// <summary>Such as <c>https://api.acme.test/orders/7?page=2</c>, or a path alone, which is asked of <c>localhost</c>; at most 16 KiB.</summary>
    public required string Url { get; init; }

    /// <summary>As a client would send them; at most 100, of 32 KiB together. Credentials are judged and never shown again.</summary>
    public ValueList<ExplainHeader> Headers { get; init; }

    /// <summary>Where it would come from. Default 127.0.0.1.</summary>
    public string? Address { get; init; }

    /// <summary>Policies to try: each takes the place of the tenant's one of its name, or stands beside them. Nothing of them is kept, and their tests are not run. At most 100.</summary>
    public ValueList<Policy> Policies { get; init; }
}

/// <summary>One header of a request.</summary>
public sealed record ExplainHeader
{
    /// <summary>The header's name.</summary>
    public required string Name { get; init; }

    /// <summary>The header's value.</summary>
    public required string Value { get; init; }
}
