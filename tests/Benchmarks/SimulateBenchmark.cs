using Drizzle.Benchmarks.Output;
using Drizzle.Contracts.Limits;
using Drizzle.Simulation;

namespace Drizzle.Benchmarks;

/// <summary>Many admissions with faults, each window judged; and how much of a rule saturated demand uses.</summary>
internal sealed class SimulateBenchmark(Session session)
{
    private const long EachScenario = 1_000_000;

    /// <summary>In millions.</summary>
    private readonly int _scenarios = session.Options.Rounds ?? 100;

    public Task<Report> RunAsync()
    {
        var report = new Report("simulate", "the product's own arithmetic, in true time of a simulation", $"./drizzle bench simulate --rounds {_scenarios}");
        report.Tables.Add(Faults());
        report.Tables.Add(Saturated());
        return Task.FromResult(report);
    }

    private Table Faults()
    {
        var first = Random.Shared.Next(1_000_000);
        long admitted = 0;
        var (excess, worst, hours) = (double.MinValue, 0, 0.0);
        var adding = new Lock();
        Parallel.For(first, first + _scenarios, new ParallelOptions { CancellationToken = session.Stop }, seed =>
        {
            var outcome = Simulation.Simulation.Run(Scenario.Random(seed, EachScenario));
            lock (adding)
            {
                admitted += outcome.Admitted;
                hours += outcome.Seconds / 3600;
                if (outcome.Excess > excess) (excess, worst) = (outcome.Excess, seed);
                Session.Say($"{admitted / 1_000_000} million admissions …");
            }
        });
        var table = new Table($"{_scenarios} scenarios with faults, seeds from {first}", new("admissions", "N0"), new("simulated_hours", "F1"), new("greatest_excess", "F3"), new("by_seed", "F0"));
        table.Add(admitted, hours, Math.Max(0, excess), (double)worst);
        return table;
    }

    private static Table Saturated()
    {
        var table = new Table("saturated demand, B = 0.2 s of r", new("rate_per_s", "F0"), new("edges", "F0"), new("used", "P2"), new("least_share", "P1"), new("greatest_share", "P1"), new("calls_per_request", "P2"));
        foreach (var (rate, edges) in ((long, int)[])[(100, 2), (1000, 2), (1000, 10), (10_000, 10), (100_000, 10)])
        {
            var outcome = Simulation.Simulation.Run(Scenario.Saturated(3, new BucketRule(1_000_000_000 / rate, rate / 5), edges, 60 * rate));
            var mean = outcome.Shares.Average();
            table.Add((double)rate, (double)edges, outcome.Used, outcome.Shares.Min() / mean, outcome.Shares.Max() / mean, outcome.Calls / (2.0 * rate * outcome.Seconds));
        }
        return table;
    }
}
