using Drizzle.Benchmarks.Machine;
using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks.Load;

/// <summary>How much of a core was taken, while something was measured, by processes that have no part in it.</summary>
internal sealed class Disturbance
{
    /// <summary>A round in which others took more than this share of a core says nothing.</summary>
    public const double Most = 0.08;

    private readonly ProcessTree[] _ours;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly double _before;

    public Disturbance(IEnumerable<Target> targets, TimeProvider clock)
    {
        _ours = [.. targets.Select(t => t.Tree())];
        _clock = clock;
        _startedAt = clock.GetTimestamp();
        _before = Foreign();
    }

    public double Share() => (Foreign() - _before) / _clock.GetElapsedTime(_startedAt).TotalSeconds;

    private double Foreign() => MachineLoad.BusySeconds() - MachineLoad.OwnSeconds() - (_ours.Sum(tree => tree.CpuNanoseconds()) / 1e9);
}
