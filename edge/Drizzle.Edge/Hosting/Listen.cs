using System.Net;

namespace Drizzle.Edge.Hosting;

/// <summary>Reads listening addresses such as <c>http://127.0.0.1:6188</c> or <c>http://*:6188</c>.</summary>
internal static class Listen
{
    /// <exception cref="FormatException">The text is no such address.</exception>
    public static IPEndPoint Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var authority = (scheme < 0 ? text : text[(scheme + 3)..]).TrimEnd('/');
        var colon = authority.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(authority[(colon + 1)..], out var port))
        {
            var host = authority[..colon].Trim('[', ']');
            if (host is "*" or "+") return new IPEndPoint(IPAddress.IPv6Any, port);
            if (host == "localhost") return new IPEndPoint(IPAddress.Loopback, port);
            if (IPAddress.TryParse(host, out var address)) return new IPEndPoint(address, port);
        }
        throw new FormatException($"'{text}' is not an address to listen on, such as http://127.0.0.1:6188 or http://*:6188.");
    }
}
