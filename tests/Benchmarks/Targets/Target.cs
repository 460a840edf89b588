using System.Net;
using System.Net.Sockets;
using System.Text;
using Drizzle.Benchmarks.Machine;

namespace Drizzle.Benchmarks.Targets;

/// <summary>Something that answers requests on a port of the loopback, as a process of its own.</summary>
internal sealed class Target(string name, int port, ChildProcess process) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public string Name { get; } = name;

    public int Port { get; } = port;

    public ProcessTree Tree() => ProcessTree.Of(process.Id);

    /// <summary>Asks again and again, a millisecond apart, until the first answer is 200.</summary>
    /// <exception cref="BenchmarkFailure">The process ended, or nothing answers in a minute.</exception>
    public async Task AnswersAsync(string head, Session session)
    {
        var since = session.Clock.GetTimestamp();
        var last = "";
        while (session.Clock.GetElapsedTime(since) < Patience)
        {
            if (process.HasEnded) throw new BenchmarkFailure($"{Name} ended:\n{process.Said()}");
            if (await AskAsync(head, session.Stop) is { } line)
            {
                if (line.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)) return;
                last = $" (it answers '{line}')";
            }
            await session.PauseAsync(Pause);
        }
        throw new BenchmarkFailure($"{Name} does not answer 200{last}:\n{process.Said()}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <returns>The first line of the answer; null where nothing listens yet.</returns>
    private async Task<string?> AskAsync(string head, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "\r\n\r\n"), cancellation);
            using var answer = new StreamReader(client.GetStream(), Encoding.ASCII);
            return await answer.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
