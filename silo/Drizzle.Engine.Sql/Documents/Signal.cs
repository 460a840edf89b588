using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Drizzle.Engine.Sql.Documents;

/// <summary>Wakes the feeds after a commit. A wake says only that there is something to read, so wakes that pile up are one.</summary>
internal sealed class CommitSignal
{
    private readonly ConcurrentDictionary<Channel<bool>, bool> _listeners = new();

    public Channel<bool> Listen()
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _listeners[channel] = true;
        return channel;
    }

    public void Leave(Channel<bool> channel) => _listeners.TryRemove(channel, out _);

    public void Raise()
    {
        foreach (var (channel, _) in _listeners) channel.Writer.TryWrite(true);
    }
}
