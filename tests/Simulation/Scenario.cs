using Drizzle.Contracts.Limits;

namespace Drizzle.Simulation;

/// <summary>What happens in a simulation. All of it follows from the seed, so that a failure replays.</summary>
/// <param name="Rules">The buckets; a request takes from the first, and every other one from all.</param>
/// <param name="Demand">Requests a second that each edge is asked for, on the mean; it shifts.</param>
/// <param name="Loss">The share of messages that are lost, each way.</param>
/// <param name="Duplicates">The share of messages that come twice.</param>
/// <param name="MeanDelay">Of a message; nanoseconds. One in a hundred takes a hundred times as long.</param>
/// <param name="OwnerCrashEvery">On the mean; never when 0. It is back after up to three seconds, and remembers nothing.</param>
/// <param name="EdgePauseEvery">On the mean; never when 0. A paused edge stands still for up to two seconds, its clock does not.</param>
/// <param name="EdgeCrashEvery">On the mean; never when 0.</param>
/// <param name="ClockError">By how much clocks run fast or slow, changing once a second.</param>
/// <param name="Admissions">The simulation ends after so many.</param>
internal sealed record Scenario(
    int Seed, BucketRule[] Rules, int Edges, double Demand, int LargestCost, double Loss, double Duplicates, long MeanDelay, long OwnerCrashEvery, long EdgePauseEvery, long EdgeCrashEvery, double ClockError, long Admissions)
{
    private const long Second = 1_000_000_000;

    /// <summary>Whether the owner is broken: it credits again what an edge has not said to be spent soon, as if its answer had been lost.</summary>
    public bool Recredits { get; init; }

    /// <summary>Whether demand stays as it is and everything else is well, for measuring.</summary>
    public bool IsCalm { get; init; }

    public static Scenario Random(int seed, long admissions)
    {
        var random = new Random(seed);
        var rules = Enumerable.Range(0, random.Next(1, 3)).Select(_ => RuleOf(Math.Pow(10, 0.5 + (3 * random.NextDouble())), random)).ToArray();
        var edges = random.Next(1, 9);
        var rate = (double)Second / rules[0].Interval;
        return new(
            seed, rules, edges, rate * (0.3 + (3 * random.NextDouble())) / edges, random.Next(1, 4), random.NextDouble() * 0.2, random.NextDouble() * 0.2, random.NextInt64(100_000, 10_000_000),
            random.Next(3) * 20 * Second, random.Next(3) * 5 * Second, random.Next(3) * 20 * Second, random.NextDouble() * 0.01, admissions);
    }

    /// <summary>Whether the owner has lost what an earlier one knew: its buckets are empty, and fill when earlier grants must have expired.</summary>
    public bool BeginsEmpty { get; init; }

    /// <summary>Whether every request takes from all buckets.</summary>
    public bool TakesFromAll { get; init; }

    /// <summary>The simulation ends after so long at the latest; never when 0. Nanoseconds.</summary>
    public long Longest { get; init; }

    /// <summary>Nothing goes wrong, and every request takes from several buckets that fill so slowly that what is lost of them is lost for good.</summary>
    public static Scenario Scarce(int seed, int edges, params long[] bursts) =>
        new(seed, [.. bursts.Select(b => new BucketRule(86_400 * Second, b))], edges, 30.0 / edges, 1, 0, 0, 2_000_000, 0, 0, 0, 0, bursts.Min()) { IsCalm = true, TakesFromAll = true, Longest = 60 * Second };

    /// <summary>Nothing goes wrong, and more is asked for than the rule allows.</summary>
    public static Scenario Saturated(int seed, BucketRule rule, int edges, long admissions) => Steady(seed, rule, edges, 2, admissions);

    /// <summary>Nothing goes wrong.</summary>
    /// <param name="load">What is asked for, of what the rule allows.</param>
    public static Scenario Steady(int seed, BucketRule rule, int edges, double load, long admissions) =>
        new(seed, [rule], edges, load * Second / rule.Interval / edges, 1, 0, 0, 500_000, 0, 0, 0, 0, admissions) { IsCalm = true };

    /// <param name="rate">Tokens a second.</param>
    private static BucketRule RuleOf(double rate, Random random)
    {
        var burst = Math.Max(3, (long)(rate * Math.Pow(10, (2 * random.NextDouble()) - 1)));
        return new((long)(Second / rate), burst);
    }

    public override string ToString() =>
        $"seed {Seed}: rules {string.Join(", ", Rules)}, {Edges} edges, demand {Demand:0.0}/s, cost to {LargestCost}, loss {Loss:0.00}, twice {Duplicates:0.00}, delay {MeanDelay}, owner {OwnerCrashEvery}, pause {EdgePauseEvery}, crash {EdgeCrashEvery}, clock {ClockError:0.0000}";
}
