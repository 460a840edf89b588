namespace Drizzle.Edge.Telemetry;

/// <summary>A bounded queue for many writers and one reader, without locks or allocation (after D. Vyukov's bounded queue).</summary>
internal sealed class Ring<T> where T : struct
{
    private struct Slot
    {
        /// <summary>The ticket that may write here, or that ticket plus one once it has.</summary>
        public long Turn;
        public T Value;
    }

    private readonly Slot[] _slots;
    private long _nextWrite;
    private long _nextRead;

    /// <param name="capacity">A power of two.</param>
    public Ring(int capacity)
    {
        _slots = new Slot[capacity];
        for (var i = 0; i < capacity; i++) _slots[i].Turn = i;
    }

    /// <returns>False where the ring is full.</returns>
    public bool TryWrite(in T value)
    {
        while (true)
        {
            var ticket = Volatile.Read(ref _nextWrite);
            ref var slot = ref _slots[ticket & (_slots.Length - 1)];
            var ahead = Volatile.Read(ref slot.Turn) - ticket;
            if (ahead < 0) return false;
            if (ahead > 0 || Interlocked.CompareExchange(ref _nextWrite, ticket + 1, ticket) != ticket) continue;
            slot.Value = value;
            Volatile.Write(ref slot.Turn, ticket + 1);
            return true;
        }
    }

    /// <summary>One reader at a time.</summary>
    public bool TryRead(out T value)
    {
        ref var slot = ref _slots[_nextRead & (_slots.Length - 1)];
        if (Volatile.Read(ref slot.Turn) != _nextRead + 1)
        {
            value = default;
            return false;
        }
        value = slot.Value;
        // What has been read is not kept alive until the ring comes round.
        slot.Value = default;
        Volatile.Write(ref slot.Turn, _nextRead + _slots.Length);
        _nextRead++;
        return true;
    }
}
