using System.Globalization;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Validation;
using Drizzle.Contracts.Values;

namespace Drizzle.Edge;

/// <summary>What an edge is told at its start; each can be set in the environment as <c>Drizzle__Edge__Name</c>.</summary>
public sealed record EdgeOptions
{
    /// <summary>This edge's name among the others; the machine's name and the port where none is given.</summary>
    public string? Id { get; init; }

    /// <summary>After how long without contact to the engine this edge stops serving; never when null.</summary>
    public TimeSpan? MaxStaleness { get; init; }

    /// <summary>A folder that keeps the configuration, so that this edge can start while the engine is away; nothing is kept when null.</summary>
    public string? Cache { get; init; }

    /// <summary>A folder that keeps what was counted of usage, so that a crash loses none; <see cref="Cache"/> when null.</summary>
    public string? UsageFolder { get; init; }

    /// <summary>Whether destinations may be on this machine. Null: where no other process shares the engine.</summary>
    public bool? AllowsLoopback { get; init; }

    /// <summary>Under which stored secrets are read; none can be when null. <c>DRIZZLE_MASTER_KEY</c>.</summary>
    public MasterKeys? MasterKeys { get; init; }

    /// <summary>Where HTTP/1.1 and HTTP/2 by prior knowledge are served.</summary>
    public string Http { get; init; } = "http://127.0.0.1:6188";

    /// <summary>Where TLS is served; nowhere when null.</summary>
    public string? Https { get; init; }

    /// <summary>PEM file with the certificate and its chain for <see cref="Https"/>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the certificate's private key.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Makes a certificate for <see cref="Https"/> at the start where none is named. For development: nobody trusts it.</summary>
    public bool SelfSigned { get; init; }

    /// <summary>Where /healthz, /readyz, /metrics and /status are served; never the public port.</summary>
    public string Operations { get; init; } = "http://127.0.0.1:6190";

    /// <summary>How long listeners stay open after readiness went false.</summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>How long requests in flight and upgraded connections may take to end after that.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The access log's file; <c>-</c> is standard output, null is none.</summary>
    public string? AccessLog { get; init; }

    /// <summary><c>json</c>, <c>combined</c>, or a template of fields in braces.</summary>
    public string AccessLogFormat { get; init; } = "json";

    /// <summary>Client connections at once.</summary>
    public int MaxConnections { get; init; } = 20_000;

    /// <summary>How long a client may take for a request's head.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="FormatException">A value cannot be read; the message names it.</exception>
    public static EdgeOptions From(Func<string, string?> environment)
    {
        var defaults = new EdgeOptions();
        return new EdgeOptions
        {
            Id = Text(nameof(Id)) is not { } id ? null
                : Names.NameError(id) is { } wrong ? throw new FormatException($"Drizzle__Edge__Id={id}: {wrong}") : id,
            MaxStaleness = Time(nameof(MaxStaleness)) is not { } most ? null
                : most >= TimeSpan.FromSeconds(10) ? most : throw new FormatException($"Drizzle__Edge__MaxStaleness={Text(nameof(MaxStaleness))}: at least 10s, since an edge has contact every 5s."),
            Cache = Text(nameof(Cache)),
            MasterKeys = MasterKeys.Parse(environment(MasterKeys.Variable)),
            Http = Text(nameof(Http)) ?? defaults.Http,
            Https = Text(nameof(Https)),
            CertificateFile = Text(nameof(CertificateFile)),
            CertificateKeyFile = Text(nameof(CertificateKeyFile)),
            SelfSigned = Switch(nameof(SelfSigned)),
            Operations = Text(nameof(Operations)) ?? defaults.Operations,
            DrainDelay = Time(nameof(DrainDelay)) ?? defaults.DrainDelay,
            DrainTimeout = Time(nameof(DrainTimeout)) ?? defaults.DrainTimeout,
            AccessLog = Text(nameof(AccessLog)),
            AccessLogFormat = Text(nameof(AccessLogFormat)) ?? defaults.AccessLogFormat,
            MaxConnections = Number(nameof(MaxConnections)) ?? defaults.MaxConnections,
            HeadTimeout = Time(nameof(HeadTimeout)) ?? defaults.HeadTimeout,
        };

        string? Text(string name) => environment($"Drizzle__Edge__{name}") is { Length: > 0 } text ? text : null;

        TimeSpan? Time(string name) => Text(name) is not { } text ? null
            : Duration.TryParse(text, out var value) ? value.Value
            : throw new FormatException($"Drizzle__Edge__{name}={text}: expected {Duration.Expected}.");

        bool Switch(string name) => Text(name) is not { } text ? false
            : bool.TryParse(text, out var value) ? value
            : throw new FormatException($"Drizzle__Edge__{name}={text}: expected true or false.");

        int? Number(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : throw new FormatException($"Drizzle__Edge__{name}={text}: expected a positive whole number.");
    }
}
