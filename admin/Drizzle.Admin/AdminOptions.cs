using System.Net;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Values;

namespace Drizzle.Admin;

/// <summary>How the admin API is served.</summary>
public sealed record AdminOptions
{
    /// <summary>Where it listens. Default http://127.0.0.1:3000; <c>Drizzle__Admin__Url</c>.</summary>
    public string Url { get; init; } = "http://127.0.0.1:3000";

    /// <summary>The largest request body, in bytes. Default 20 MiB.</summary>
    public long MaxBody { get; init; } = 20L << 20;

    /// <summary>How long a revision is kept after another took its place; for ever when null. <c>Drizzle__Admin__KeepRevisions</c>.</summary>
    public TimeSpan? KeepRevisions { get; init; }

    /// <summary>How long usage and events are kept. Default 400d; <c>Drizzle__Admin__KeepUsage</c>.</summary>
    public TimeSpan KeepUsage { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Whether anybody may register a tenant. Default off; <c>Drizzle__Admin__Registration</c>, on or off.</summary>
    public bool Registration { get; init; }

    /// <summary>Proxies in front, whose X-Forwarded-For, -Proto and -Host are believed; <c>Drizzle__Admin__TrustedProxies</c>, addresses or ranges with commas between.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Under which secrets are stored; none may be stored when null. <c>DRIZZLE_MASTER_KEY</c>.</summary>
    public MasterKeys? MasterKeys { get; init; }

    /// <summary>Where the console's files are; it says that it was not built where they are missing. Default beside the program; <c>Drizzle__Admin__Console</c>.</summary>
    public string ConsoleFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "console");

    /// <summary>Whether destinations may be on the edges' own machine: where all is one process, and no stranger can make a tenant.</summary>
    public bool AllowsLoopback(IEngine engine) => !engine.IsShared && !Registration;

    /// <exception cref="FormatException">A value cannot be read; the message names it.</exception>
    /// <param name="environment">Answers a variable's name; null where it is not set.</param>
    public static AdminOptions From(Func<string, string?> environment)
    {
        var defaults = new AdminOptions();
        return defaults with
        {
            Url = environment("Drizzle__Admin__Url") is { Length: > 0 } url ? url : defaults.Url,
            ConsoleFolder = environment("Drizzle__Admin__Console") is { Length: > 0 } folder ? folder : defaults.ConsoleFolder,
            KeepRevisions = Time("Drizzle__Admin__KeepRevisions"),
            KeepUsage = Time("Drizzle__Admin__KeepUsage") ?? defaults.KeepUsage,
            Registration = environment("Drizzle__Admin__Registration") switch
            {
                null or "" or "off" => false,
                "on" => true,
                var other => throw new FormatException($"Drizzle__Admin__Registration={other}: expected on or off."),
            },
            MasterKeys = MasterKeys.Parse(environment(MasterKeys.Variable)),
            TrustedProxies = [.. (environment("Drizzle__Admin__TrustedProxies") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(RangeOf)],
        };

        TimeSpan? Time(string name) => environment(name) is not { Length: > 0 } text ? null
            : Duration.TryParse(text, out var keep) ? keep.Value
            : throw new FormatException($"{name}={text}: expected {Duration.Expected}.");
    }

    private static IPNetwork RangeOf(string text)
    {
        try
        {
            return AddressRange.Parse(text);
        }
        catch (FormatException e)
        {
            throw new FormatException($"Drizzle__Admin__TrustedProxies: '{text}' is no address or range.", e);
        }
    }
}
