using System.Threading.Channels;

namespace Drizzle.Edge.Limits;

/// <summary>What is to be asked for, each once, in the order in which it was wanted. One loop reads it, in batches.</summary>
internal sealed class AskQueue<T> where T : Awaited
{
    private readonly Channel<T> _wanted = Channel.CreateUnbounded<T>(new() { SingleReader = true });

    public void Want(T item)
    {
        if (item.TryQueue()) _wanted.Writer.TryWrite(item);
    }

    /// <summary>A request has tried to take of it.</summary>
    /// <param name="isWaiting">Whether the request is counted among those that wait: what is low is not asked for before it no longer is.</param>
    public void Tried(T item, TakeVerdict verdict, bool isWaiting, OwnerState owner, long now)
    {
        if ((verdict == TakeVerdict.Unknown || (!isWaiting && item.IsLow(now))) && owner.IsUp) Want(item);
    }

    /// <summary>Is to be asked for, but not before that is completed.</summary>
    public async Task WantAfterAsync(T item, Task rest)
    {
        if (!item.TryQueue()) return;
        await rest;
        _wanted.Writer.TryWrite(item);
    }

    /// <returns>False at the end.</returns>
    public async Task<bool> WaitAsync(CancellationToken ending)
    {
        try
        {
            return await _wanted.Reader.WaitToReadAsync(ending);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? item)
    {
        if (!_wanted.Reader.TryRead(out item)) return false;
        item.Dequeued();
        return true;
    }
}
