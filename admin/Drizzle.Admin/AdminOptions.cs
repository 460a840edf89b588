namespace Drizzle.Admin;

/// <summary>How the admin API is served.</summary>
public sealed record AdminOptions
{
    /// <summary>Where it listens. Default http://127.0.0.1:3000; <c>Drizzle__Admin__Url</c>.</summary>
    public string Url { get; init; } = "http://127.0.0.1:3000";

    /// <summary>The largest request body, in bytes. Default 20 MiB.</summary>
    public long MaxBody { get; init; } = 20L << 20;

    /// <param name="environment">Answers a variable's name; null where it is not set.</param>
    public static AdminOptions From(Func<string, string?> environment)
    {
        var defaults = new AdminOptions();
        return environment("Drizzle__Admin__Url") is { Length: > 0 } url ? defaults with { Url = url } : defaults;
    }
}
