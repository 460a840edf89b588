using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Drizzle.Cedar;

/// <summary>An IP address, or a range of them: <c>10.0.0.1</c>, <c>10.0.0.0/8</c>, <c>::1</c>, <c>2001:db8::/32</c>. Two are equal if address, family and prefix are.</summary>
public sealed class IpRange : IEquatable<IpRange>
{
    // The longest of an address with a prefix, as the reference has it.
    private const int Longest = 43;

    private readonly UInt128 _address;

    private IpRange(UInt128 address, bool isIpv6, int prefix) => (_address, IsIpv6, Prefix) = (address, isIpv6, prefix);

    public bool IsIpv6 { get; }

    /// <summary>Bits that are fixed, up to 32 or 128.</summary>
    public int Prefix { get; }

    private int Bits => IsIpv6 ? 128 : 32;

    private UInt128 Mask => Prefix == 0 ? 0 : (UInt128.MaxValue << (Bits - Prefix)) & (IsIpv6 ? UInt128.MaxValue : uint.MaxValue);

    private UInt128 First => _address & Mask;

    private UInt128 Last => First | (~Mask & (IsIpv6 ? UInt128.MaxValue : uint.MaxValue));

    /// <summary>One address. An IPv4 address that is written as IPv6 is taken for IPv4, since Cedar knows no other form of it.</summary>
    public static IpRange Of(IPAddress address)
    {
        return Whole(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }

    private static IpRange Whole(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        var value = UInt128.Zero;
        foreach (var one in bytes[..length]) value = (value << 8) | one;
        return new IpRange(value, length == 16, length * 8);
    }

    public static bool TryRead(string text, out IpRange range)
    {
        range = new IpRange(0, false, 32);
        if (text.Length > Longest) return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        if (!TryReadAddress(address, out var parsed)) return false;
        var one = Whole(parsed);
        if (slash < 0)
        {
            range = one;
            return true;
        }
        var prefix = text[(slash + 1)..];
        var isPrefix = prefix.Length > 0 && prefix.Length <= (one.IsIpv6 ? 3 : 2) && (prefix[0] != '0' || prefix.Length == 1) && int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isPrefix || int.Parse(prefix, NumberStyles.None, CultureInfo.InvariantCulture) is var bits && bits > one.Bits) return false;
        range = new IpRange(one._address, one.IsIpv6, bits);
        return true;
    }

    /// <summary>Whether the whole range is in the block of loopback addresses.</summary>
    public bool IsLoopback => IsIpv6 ? Prefix == 128 && _address == 1 : Prefix >= 8 && _address >> 24 == 127;

    /// <summary>Whether the whole range is in the block of multicast addresses.</summary>
    public bool IsMulticast => IsIpv6 ? Prefix >= 8 && _address >> 120 == 0xFF : Prefix >= 4 && _address >> 28 == 0xE;

    /// <summary>Whether every address of this range is in the other.</summary>
    public bool IsInRange(IpRange other) => IsIpv6 == other.IsIpv6 && other.First <= First && Last <= other.Last;

    public bool Equals(IpRange? other) => other is not null && other._address == _address && other.IsIpv6 == IsIpv6 && other.Prefix == Prefix;

    public override bool Equals(object? obj) => Equals(obj as IpRange);

    public override int GetHashCode() => HashCode.Combine(_address, IsIpv6, Prefix);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bits / 8];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(_address >> (8 * (bytes.Length - 1 - i)));
        return string.Create(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}{(Prefix == Bits ? "" : $"/{Prefix}")}");
    }

    /// <summary>More strictly than the framework: four whole numbers without zeros in front, or IPv6 without dots and zones.</summary>
    private static bool TryReadAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            if (text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF:") || !IPAddress.TryParse(text, out var v6) || v6.AddressFamily != AddressFamily.InterNetworkV6) return false;
            address = v6;
            return true;
        }
        Span<byte> bytes = stackalloc byte[4];
        var parts = text.Split('.');
        if (parts.Length != 4) return false;
        for (var i = 0; i < 4; i++)
        {
            if (parts[i].Length is 0 or > 3 || (parts[i].Length > 1 && parts[i][0] == '0') || !byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i])) return false;
        }
        address = new IPAddress(bytes);
        return true;
    }
}
