using Drizzle.Benchmarks.Machine;
using Drizzle.Testing;

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
            using var client = new RawClient(head);
            try
            {
                await client.ConnectAsync(Port);
                var status = await client.SendAsync(session.Stop);
                if (status == 200) return;
                last = $" (it answers {status})";
            }
            catch (Exception e) when (e is System.Net.Sockets.SocketException or IOException)
            {
                // Not listening yet.
            }
            await session.PauseAsync(Pause);
        }
        throw new BenchmarkFailure($"{Name} does not answer 200{last}:\n{process.Said()}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
