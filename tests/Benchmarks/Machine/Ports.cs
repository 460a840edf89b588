using System.Net;
using System.Net.Sockets;

namespace Drizzle.Benchmarks.Machine;

/// <summary>Free ports of the loopback for programs that must be told theirs.</summary>
internal static class Ports
{
    /// <summary>All different; held together until the last is known.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
