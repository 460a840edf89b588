using System.Net;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Addresses;

/// <summary>
/// Which addresses destinations may have: none of the edge's own machine, of its links or of a cloud's metadata service, so that whoever
/// writes a tenant's configuration cannot reach through an edge what only the edge can reach. The platform's owner may allow ranges of them.
/// </summary>
public sealed class DestinationRule
{
    private static readonly IPNetwork[] Closed =
    [
        .. ((string[])["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "224.0.0.0/4", "255.255.255.255/32",
            "::/128", "::1/128", "fe80::/10", "ff00::/8", "fd00:ec2::254/128", "fd20:ce::254/128"]).Select(IPNetwork.Parse),
    ];

    // The last four bytes of these are an IPv4 address that is reached by them.
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    private readonly IPNetwork[] _allowed;
    private readonly bool _allowsLoopback;

    /// <param name="platform">Its <see cref="Platform.AllowedDestinations"/>, which are valid.</param>
    /// <param name="allowsLoopback">Where all runs on one machine for one person, what else runs there is what they want to reach.</param>
    public DestinationRule(Platform platform, bool allowsLoopback)
    {
        _allowed = [.. platform.AllowedDestinations.Select(AddressRange.Parse)];
        _allowsLoopback = allowsLoopback;
    }

    public bool Allows(IPAddress address)
    {
        var plain = Plain(address);
        if (_allowsLoopback && IPAddress.IsLoopback(plain)) return true;
        return !Closed.Any(range => range.Contains(plain)) || _allowed.Any(range => range.Contains(plain));
    }

    private static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : Translated.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..]) : address;
}
