using System.Net;

namespace Drizzle.Contracts.Addresses;

/// <summary>Reads what a configuration writes where it means addresses: a CIDR range, or one address.</summary>
public static class AddressRange
{
    /// <exception cref="FormatException">It is neither.</exception>
    public static IPNetwork Parse(string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        var address = IPAddress.Parse(text);
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
