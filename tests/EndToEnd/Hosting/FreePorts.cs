using System.Net;
using System.Net.Sockets;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>Ports that nothing listens on, each given once, below those that the system gives to outgoing connections.</summary>
internal static class FreePorts
{
    private const int First = 15_000;
    private const int Count = 15_000;

    private static int _next = Environment.ProcessId * 97 % Count;

    public static int Next()
    {
        for (var i = 0; i < Count; i++)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (IsFree(port)) return port;
        }
        throw new InvalidOperationException("No port is free.");
    }

    /// <returns>The first of two neighbours.</returns>
    public static int NextPair()
    {
        while (true)
        {
            var (first, second) = (Next(), Next());
            if (second == first + 1) return first;
        }
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
