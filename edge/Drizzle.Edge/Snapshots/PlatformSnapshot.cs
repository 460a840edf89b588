using System.Net;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Limits;

namespace Drizzle.Edge.Snapshots;

/// <summary>The platform's settings, compiled.</summary>
internal sealed class PlatformSnapshot(Platform platform, long revision)
{
    public static readonly PlatformSnapshot Initial = new(new Platform(), revision: 0);

    public Platform Model { get; } = platform;

    /// <summary>That wrote it; 0 where nothing was written.</summary>
    public long Revision { get; } = revision;

    public IPNetwork[] TrustedProxies { get; } = [.. platform.TrustedProxies.Select(AddressRange.Parse)];

    public BucketRule AddressRule { get; } = BucketRule.Of((platform.AddressLimit ?? Defaults.AddressLimit).Rate, (platform.AddressLimit ?? Defaults.AddressLimit).Burst);

    public CompiledLimit[] Limits { get; } = CompiledLimit.All(platform.Limits, "platform", "platform", revision);
}
