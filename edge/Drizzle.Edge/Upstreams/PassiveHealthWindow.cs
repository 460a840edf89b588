using Drizzle.Contracts.Model;

namespace Drizzle.Edge.Upstreams;

/// <summary>
/// Counts one destination's answers in ten slices of a window and takes it out when too many failed.
/// Counts are approximate at a slice's edge; the decision to take out is made under a lock that only failures take.
/// </summary>
internal sealed class PassiveHealthWindow(PassiveHealth model, TimeProvider clock)
{
    private const int Slices = 10;
    private const int LeastRequests = 10;

    private readonly double _failureRate = model.FailureRate ?? Defaults.PassiveFailureRate;
    private readonly SlidingCounts _counts = new(Slices, model.Window ?? Defaults.PassiveWindow, clock);
    private readonly TimeSpan _reactivateAfter = model.ReactivateAfter ?? model.Window ?? Defaults.PassiveWindow;
    private readonly long _start = clock.GetTimestamp();
    private readonly Lock _judging = new();
    private long _outUntil;

    /// <summary>Whether the destination gets no requests for now.</summary>
    public bool IsOut => Volatile.Read(ref _outUntil) is > 0 and var until && until > clock.GetElapsedTime(_start).Ticks;

    public void Succeeded() => _counts.Add(isFailure: false);

    public void Failed()
    {
        _counts.Add(isFailure: true);
        lock (_judging)
        {
            var (total, failures) = _counts.Sum();
            if (total < LeastRequests || failures < total * _failureRate) return;
            Volatile.Write(ref _outUntil, (clock.GetElapsedTime(_start) + _reactivateAfter).Ticks);
            _counts.Clear();
        }
    }
}
