using System.Globalization;

namespace Drizzle.Benchmarks;

/// <summary>What the command line says; null where a benchmark has a default of its own.</summary>
internal sealed record BenchmarkOptions
{
    public IReadOnlyList<string> Names { get; init; } = [];

    public bool IsHelp { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Measured rounds, at most; disturbed ones are not counted.</summary>
    public int? Rounds { get; init; }

    /// <summary>Seconds of a round, or of a phase.</summary>
    public int? Seconds { get; init; }

    /// <summary>Seconds of load on each target before the first round.</summary>
    public int? WarmUp { get; init; }

    /// <summary>Runs with new processes.</summary>
    public int? Runs { get; init; }

    public int? Connections { get; init; }

    /// <summary>Tenants of the big configuration, of 100 routes each.</summary>
    public int? Tenants { get; init; }

    /// <summary>Edits as fast as they go.</summary>
    public int? Edits { get; init; }

    /// <exception cref="BenchmarkFailure">Something on the line is not known.</exception>
    public static BenchmarkOptions Parse(string[] args)
    {
        var options = new BenchmarkOptions();
        var names = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h": options = options with { IsHelp = true }; break;
                case "--output" or "-o": options = options with { IsJson = Form(args, ref i) }; break;
                case "--rounds": options = options with { Rounds = Number(args, ref i) }; break;
                case "--secs": options = options with { Seconds = Number(args, ref i) }; break;
                case "--warmup": options = options with { WarmUp = Number(args, ref i) }; break;
                case "--runs": options = options with { Runs = Number(args, ref i) }; break;
                case "--connections" or "-c": options = options with { Connections = Number(args, ref i) }; break;
                case "--tenants": options = options with { Tenants = Number(args, ref i) }; break;
                case "--edits": options = options with { Edits = Number(args, ref i) }; break;
                case var name when Catalogue.Names.Contains(name): names.Add(name); break;
                case var other: throw new BenchmarkFailure($"There is no '{other}' here. {Catalogue.Help}", 2);
            }
        }
        return options with { Names = names.Count == 0 ? Catalogue.Names : names };
    }

    private static bool Form(string[] args, ref int at) => Value(args, ref at) switch
    {
        "json" => true,
        "table" => false,
        _ => throw new BenchmarkFailure("-o takes table or json.", 2),
    };

    private static int Number(string[] args, ref int at)
    {
        var option = args[at];
        return int.TryParse(Value(args, ref at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchmarkFailure($"{option} takes a positive whole number.", 2);
    }

    private static string Value(string[] args, ref int at) =>
        ++at < args.Length ? args[at] : throw new BenchmarkFailure($"{args[at - 1]} wants a value.", 2);
}
