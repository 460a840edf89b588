using System.Net;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Limits;

namespace Drizzle.Edge.Snapshots;

/// <summary>The platform's settings, compiled.</summary>
internal sealed class PlatformSnapshot(Platform platform)
{
    public static readonly PlatformSnapshot Initial = new(new Platform());

    public Platform Model { get; } = platform;

    public IPNetwork[] TrustedProxies { get; } = [.. platform.TrustedProxies.Select(Network)];

    public BucketRule AddressRule { get; } = BucketRule.Of((platform.AddressLimit ?? Defaults.AddressLimit).Rate, (platform.AddressLimit ?? Defaults.AddressLimit).Burst);

    public CompiledLimit[] Limits { get; } = CompiledLimit.All(platform.Limits, "platform", "platform");

    private static IPNetwork Network(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        var address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
