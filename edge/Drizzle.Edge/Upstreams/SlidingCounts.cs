namespace Drizzle.Edge.Upstreams;

/// <summary>Requests and failures of the last window, in slices that are cleared as they come round again.</summary>
internal sealed class SlidingCounts(int slices, TimeSpan window, TimeProvider clock)
{
    private struct Slice
    {
        public long Epoch;
        public int Total;
        public int Failures;
    }

    private readonly Slice[] _slices = new Slice[slices];
    private readonly long _sliceTicks = Math.Max(1, window.Ticks / slices);
    private readonly long _start = clock.GetTimestamp();

    public void Add(bool isFailure)
    {
        ref var slice = ref Current(Epoch());
        Interlocked.Increment(ref slice.Total);
        if (isFailure) Interlocked.Increment(ref slice.Failures);
    }

    public (int Total, int Failures) Sum()
    {
        var now = Epoch();
        var total = 0;
        var failures = 0;
        foreach (ref var slice in _slices.AsSpan())
        {
            if (Volatile.Read(ref slice.Epoch) <= now - slices) continue;
            total += Volatile.Read(ref slice.Total);
            failures += Volatile.Read(ref slice.Failures);
        }
        return (total, failures);
    }

    public void Clear()
    {
        foreach (ref var slice in _slices.AsSpan())
        {
            Volatile.Write(ref slice.Total, 0);
            Volatile.Write(ref slice.Failures, 0);
        }
    }

    // From one, so that slices never used are older than any window.
    private long Epoch() => (clock.GetElapsedTime(_start).Ticks / _sliceTicks) + slices;

    private ref Slice Current(long epoch)
    {
        ref var slice = ref _slices[epoch % slices];
        var seen = Volatile.Read(ref slice.Epoch);
        if (seen != epoch && Interlocked.CompareExchange(ref slice.Epoch, epoch, seen) == seen)
        {
            Volatile.Write(ref slice.Total, 0);
            Volatile.Write(ref slice.Failures, 0);
        }
        return ref slice;
    }
}
