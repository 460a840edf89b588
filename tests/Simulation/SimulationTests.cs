using Drizzle.Contracts.Limits;

namespace Drizzle.Simulation;

[TestClass]
public sealed class SimulationTests(TestContext context)
{
    private const int Scenarios = 50;
    private const long Admissions = 20_000;

    [TestMethod]
    public void No_window_ever_has_too_much_whatever_goes_wrong()
    {
        var first = Environment.GetEnvironmentVariable("DRIZZLE_SEED") is { Length: > 0 } stated ? int.Parse(stated, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next(1_000_000);
        context.WriteLine($"Seeds from {first}; DRIZZLE_SEED={first} replays them.");
        for (var seed = first; seed < first + Scenarios; seed++)
        {
            var scenario = Scenario.Random(seed, Admissions);
            var outcome = Simulation.Run(scenario);
            Assert.IsLessThanOrEqualTo(1e-6, outcome.Excess, $"{scenario}: {outcome}");
            Assert.IsTrue(outcome.IsSound, $"{scenario}: level and outstanding exceeded the burst");
        }
    }

    [TestMethod]
    public void An_owner_that_credits_again_what_it_heard_nothing_of_is_caught()
    {
        var caught = Enumerable.Range(1, 10).Count(seed => Simulation.Run(Scenario.Random(seed, Admissions) with { Recredits = true }).Excess > 1);
        Assert.IsGreaterThan(7, caught);
    }

    [TestMethod]
    public void A_simulation_is_its_seed()
    {
        var scenario = Scenario.Random(7, 5_000);
        var (first, second) = (Simulation.Run(scenario), Simulation.Run(scenario));
        Assert.AreEqual(first with { Shares = [] }, second with { Shares = [] });
        Assert.AreSequenceEqual(first.Shares, second.Shares);
    }

    [TestMethod]
    [DataRow(2, 5, 2)]
    [DataRow(3, 1, 3)]
    [DataRow(3, 3, 3)]
    [DataRow(5, 2, 1)]
    [DataRow(4, 7, 4)]
    public void Requests_that_need_several_scarce_tokens_get_the_last_of_them_on_some_edge(int edges, int first, int second)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var scenario = Scenario.Scarce(seed, edges, first, second);
            var outcome = Simulation.Run(scenario);
            Assert.AreEqual(Math.Min(first, second), outcome.Admitted, $"{scenario}: {outcome}");
        }
    }

    [TestMethod]
    [DataRow(1000, 200, 3)]
    [DataRow(1000, 1000, 10)]
    [DataRow(10_000, 2_000, 10)]
    [DataRow(50_000, 10_000, 10)]
    [DataRow(100, 20, 2)]
    public void Saturated_demand_uses_what_the_rule_allows_and_equal_edges_get_equal_shares(long rate, long burst, int edges)
    {
        var scenario = Scenario.Saturated(3, new BucketRule(1_000_000_000 / rate, burst), edges, 30 * rate);
        var outcome = Simulation.Run(scenario);
        Assert.IsLessThanOrEqualTo(1e-6, outcome.Excess);
        Assert.IsGreaterThanOrEqualTo(0.99, outcome.Used, $"{outcome}");
        Assert.IsLessThan(60, outcome.Calls / outcome.Seconds / edges, "an edge that is out of tokens leaves the owner alone for a while");
        foreach (var share in outcome.Shares) Assert.AreEqual(1, share / outcome.Shares.Average(), 0.1, string.Join(", ", outcome.Shares));
    }

    [TestMethod]
    [DataRow(100, 50, 3, 0.5)]
    [DataRow(100, 50, 3, 0.8)]
    [DataRow(100, 50, 10, 0.8)]
    [DataRow(1000, 200, 3, 0.8)]
    [DataRow(1000, 500, 10, 0.9)]
    [DataRow(20, 20, 3, 0.5)]
    public void While_a_bucket_fills_from_nothing_little_more_is_refused_than_by_a_single_one(int rate, int burst, int edges, double load)
    {
        var (refused, byOne) = (0L, 0L);
        for (var seed = 0; seed < 20; seed++)
        {
            var outcome = Simulation.Run(Scenario.Steady(seed, new BucketRule(1_000_000_000 / rate, burst), edges, load, long.MaxValue) with { BeginsEmpty = true, Longest = 4_000_000_000 });
            (refused, byOne) = (refused + outcome.Refused, byOne + outcome.RefusedByOne);
        }
        // On the mean less than what is asked for in a twentieth of a second.
        Assert.IsLessThan(0.05 * 20 * rate * load, refused - byOne, $"{refused} were refused, {byOne} by a single bucket");
    }
}
