using System.Net;
using Drizzle.Engine.Orleans;

namespace Drizzle.Silo;

/// <summary>What one silo is told at its start; each can be set in the environment as <c>Drizzle__Silo__Name</c>.</summary>
/// <param name="Cluster">The database and the cluster.</param>
public sealed record SiloOptions(SiloCluster Cluster)
{
    /// <summary>By which other silos and the clients reach this one.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>For other silos.</summary>
    public int Port { get; init; } = 11111;

    /// <summary>For edges and admins.</summary>
    public int Gateway { get; init; } = SiloCluster.UsualGateway;

    /// <summary>Where /healthz and /readyz are served.</summary>
    public string Operations { get; init; } = "http://127.0.0.1:6191";

    /// <summary>Whether it activates all shards of buckets at once, instead of each when it is first asked for: a silo that lives for one test needs few of them.</summary>
    internal bool OpensAhead { get; init; } = true;

    /// <param name="environment">Answers a variable's name; null where it is not set.</param>
    /// <exception cref="FormatException">A value cannot be read; the message names it.</exception>
    public static SiloOptions From(SiloCluster cluster, Func<string, string?> environment)
    {
        var defaults = new SiloOptions(cluster);
        return defaults with
        {
            Address = SiloCluster.Setting(environment, nameof(Address)) is { } address ? AddressOf(address, cluster) : defaults.Address,
            Port = SiloCluster.Port(environment, nameof(Port)) ?? defaults.Port,
            Gateway = SiloCluster.Port(environment, nameof(Gateway)) ?? defaults.Gateway,
            Operations = SiloCluster.Setting(environment, nameof(Operations)) ?? defaults.Operations,
        };
    }

    private static IPAddress AddressOf(string text, SiloCluster cluster)
    {
        if (!IPAddress.TryParse(text, out var address)) throw new FormatException($"Drizzle__Silo__Address={text}: expected an IP address, by which edges, admins and other silos reach this one.");
        if (cluster.LocalGateway is not null && !address.Equals(IPAddress.Loopback)) throw new FormatException($"Drizzle__Silo__Address={text}: with Drizzle__Silo__Clustering=localhost a silo is reached at 127.0.0.1 alone.");
        return address;
    }
}
