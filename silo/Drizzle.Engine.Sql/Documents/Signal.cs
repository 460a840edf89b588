using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>Wakes those who follow something. A wake says only that there is something to read, so wakes that pile up are one.</summary>
internal sealed class Signal
{
    private readonly ConcurrentDictionary<Channel<bool>, bool> _listeners = new();

    private Channel<bool> Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _listeners[channel] = true;
        return channel;
    }

    /// <summary>What is read now, and again after each wake, without end.</summary>
    public async IAsyncEnumerable<T> FollowAsync<T>(Func<CancellationToken, ValueTask<T>> read, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Listening begins before the first read, so that nothing falls between the two.
        var wakes = Listen();
        try
        {
            yield return await read(cancellation);
            await foreach (var _ in wakes.Reader.ReadAllAsync(cancellation)) yield return await read(cancellation);
        }
        finally
        {
            Leave(wakes);
        }
    }

    private void Leave(Channel<bool> channel) => _listeners.TryRemove(channel, out _);

    public void Raise()
    {
        foreach (var (channel, _) in _listeners) channel.Writer.TryWrite(true);
    }
}
