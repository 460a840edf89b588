namespace Drizzle.Benchmarks;

/// <summary>Ends the program with a sentence. Exit code 1: it could not be measured; 2: wrong usage, or a tool is missing.</summary>
internal sealed class BenchmarkFailure(string sentence, int exitCode = 1) : Exception(sentence)
{
    public int ExitCode { get; } = exitCode;
}
