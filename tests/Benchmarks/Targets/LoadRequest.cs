namespace Drizzle.Benchmarks.Targets;

/// <summary>The one request that all targets get, with the key that those with keys accept.</summary>
internal sealed record LoadRequest(string Key)
{
    public const string Path = "/bench/orders/items/7";

    /// <summary>Lines without the empty one at the end.</summary>
    public string Head { get; } = $"GET {Path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {Key}";
}
