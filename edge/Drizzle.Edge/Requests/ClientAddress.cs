using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Drizzle.Edge.Certificates;

namespace Drizzle.Edge.Requests;

/// <summary>A client's address: IPv4-in-IPv6 is IPv4, and limits see IPv6 by /64.</summary>
/// <param name="Address">As the connection or the trusted proxies say.</param>
/// <param name="Text">For headers and logs.</param>
/// <param name="LimitSubject">What limits by address count by.</param>
internal sealed record ClientAddress(IPAddress Address, string Text, string LimitSubject)
{
    public static ClientAddress Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var text = plain.ToString();
        return new(plain, text, plain.AddressFamily == AddressFamily.InterNetworkV6 ? Network64(plain) : text);
    }

    private static string Network64(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return $"{BinaryPrimitives.ReadUInt64BigEndian(bytes):x16}/64";
    }
}

/// <summary>What is known of a connection's peer, worked out once for all its requests.</summary>
internal sealed class ClientConnection(ClientAddress address, PresentedCertificate? presented = null)
{
    private static readonly object ItemKey = new();

    private sealed record Element(ClientAddress Client, string Authority, string Scheme, string Text);

    private sealed record Forwarded(string Header, PresentedCertificate? Presented);

    private sealed record KnownHost(string Authority, string? Host);

    // Requests of one connection mostly ask for one host, so the last of each is kept; a race of streams makes it twice.
    private volatile Element? _lastElement;
    private volatile KnownHost? _lastHost;
    private volatile Forwarded? _lastForwarded;

    public ClientAddress Address { get; } = address;

    /// <returns>The host of a Host header, as <see cref="RequestHead.ReadHost"/> reads it.</returns>
    public string? HostOf(string authority)
    {
        if (_lastHost is { } last && last.Authority == authority) return last.Host;
        var made = new KnownHost(authority, RequestHead.ReadHost(authority));
        _lastHost = made;
        return made.Host;
    }

    /// <summary>The client's certificate.</summary>
    /// <param name="forwarded">What a trusted proxy says of it; null where this connection's own counts.</param>
    public PresentedCertificate? CertificateOf(string? forwarded) => forwarded is null ? presented : PresentedBy(forwarded);

    private PresentedCertificate? PresentedBy(string header)
    {
        if (header.Length == 0) return null;
        var last = _lastForwarded;
        if (last is null || last.Header != header) _lastForwarded = last = new(header, ForwardedCertificate.Read(header));
        return last.Presented;
    }

    /// <summary>An element of the Forwarded header (RFC 7239).</summary>
    public string ForwardedElement(ClientAddress client, string authority, string scheme)
    {
        if (_lastElement is { } last && ReferenceEquals(last.Client, client) && last.Authority == authority && last.Scheme == scheme) return last.Text;
        var node = client.Text.Contains(':', StringComparison.Ordinal) ? $"\"[{client.Text}]\"" : client.Text;
        var made = new Element(client, authority, scheme, $"for={node};host=\"{authority}\";proto={scheme}");
        _lastElement = made;
        return made.Text;
    }

    public static ClientConnection Of(Microsoft.AspNetCore.Http.HttpContext http)
    {
        var items = http.Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionItemsFeature>()?.Items;
        if (items is null) return new(ClientAddress.Of(http.Connection.RemoteIpAddress ?? IPAddress.None));
        // Streams of one HTTP/2 connection may come here together.
        lock (items)
        {
            if (items.TryGetValue(ItemKey, out var known) && known is ClientConnection connection) return connection;
            var made = new ClientConnection(ClientAddress.Of(http.Connection.RemoteIpAddress ?? IPAddress.None), items.TryGetValue(PresentedCertificate.ItemKey, out var shown) ? shown as PresentedCertificate : null);
            items[ItemKey] = made;
            return made;
        }
    }
}
