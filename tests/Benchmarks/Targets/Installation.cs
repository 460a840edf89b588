using Drizzle.Testing;

namespace Drizzle.Benchmarks.Targets;

/// <summary>Where the programs that are measured are.</summary>
internal static class Installation
{
    public static string ThisProgram => Environment.ProcessPath ?? throw new BenchmarkFailure("This program does not know where it is.");

    /// <exception cref="BenchmarkFailure">It was not built.</exception>
    public static string Drizzle()
    {
        var program = Path.Combine(Repository.Root, "admin/Drizzle.Cli/bin/Release/net10.0/drizzle");
        return File.Exists(program) ? program : throw new BenchmarkFailure($"{program} is not there: build it with ./drizzle --help.");
    }

    /// <summary>Ends when the process that started this one is gone, however it ended.</summary>
    public static async Task ParentLeftAsync()
    {
        var input = Console.OpenStandardInput();
        while (await input.ReadAsync(new byte[64]) > 0)
        {
            // Nothing is ever said here.
        }
    }
}
