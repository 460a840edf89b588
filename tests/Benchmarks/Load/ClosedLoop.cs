using Drizzle.Benchmarks.Targets;

namespace Drizzle.Benchmarks.Load;

/// <param name="Foreign">The share of a core that others took meanwhile; infinite where nothing was answered at all.</param>
internal sealed record Figures(double RequestsPerSecond, double CpuMicroseconds, double Foreign);

/// <summary>Rounds over all targets, forward and then back, so that what drifts meanwhile falls on all alike.</summary>
/// <param name="targets">Those that are measured.</param>
/// <param name="origin">The one behind them.</param>
/// <param name="request">What they are asked.</param>
internal sealed class ClosedLoop(IReadOnlyList<Target> targets, Target origin, LoadRequest request, int connections, Session session)
{
    private const int FewestRounds = 5;

    /// <summary>What makes the figures doubtful; null where nothing does.</summary>
    public string? Doubt { get; private set; }

    public int Kept { get; private set; }

    public int Dropped { get; private set; }

    public async Task WarmUpAsync(int seconds)
    {
        foreach (var target in targets)
        {
            Session.Say($"warming up {target.Name} …");
            await MeasureAsync(target, seconds);
        }
    }

    /// <returns>By round, then by target in the order of the rig.</returns>
    public async Task<IReadOnlyList<Figures[]>> RunAsync(int rounds, int seconds)
    {
        var clean = new List<Figures[]>();
        var all = new List<Figures[]>();
        while (clean.Count < rounds && all.Count - clean.Count < 3 * rounds)
        {
            var round = new Figures[targets.Count];
            var order = Enumerable.Range(0, round.Length);
            foreach (var i in all.Count % 2 == 0 ? order : order.Reverse()) round[i] = await MeasureAsync(targets[i], seconds);
            var foreign = round.Max(f => f.Foreign);
            all.Add(round);
            if (foreign <= Disturbance.Most) clean.Add(round);
            Session.Say($"round {all.Count}: {(foreign <= Disturbance.Most ? "kept" : $"dropped, others took {foreign:P0} of a core")} ({clean.Count} of {rounds})");
            if (all.Count == rounds && clean.Count == 0) break;
        }
        (Kept, Dropped) = (clean.Count, all.Count - clean.Count);
        if (clean.Count >= Math.Min(FewestRounds, rounds)) return clean;
        all.RemoveAll(round => round.Any(f => double.IsInfinity(f.Foreign)));
        if (all.Count == 0) throw new BenchmarkFailure("Every round had a target that answered nothing.");
        Doubt = $"only {clean.Count} of {all.Count} rounds were undisturbed, so these are all of them: trust no figure.";
        return all;
    }

    public async Task<Figures> MeasureAsync(Target target, int seconds)
    {
        var disturbance = new Disturbance([.. targets, origin], session.Clock);
        var tree = target.Tree();
        var before = tree.CpuNanoseconds();
        var (requests, perSecond) = await Wrk.RunAsync(target, request, connections, seconds, session.Stop);
        return new Figures(perSecond, (tree.CpuNanoseconds() - before) / 1e3 / Math.Max(1, requests), requests == 0 ? double.PositiveInfinity : disturbance.Share());
    }
}
