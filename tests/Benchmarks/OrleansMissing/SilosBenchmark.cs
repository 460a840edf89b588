using Drizzle.Benchmarks.Output;

namespace Drizzle.Benchmarks;

/// <summary>In a build without Orleans.</summary>
internal sealed class SilosBenchmark
{
    public SilosBenchmark(Session session) => _ = session;

    /// <exception cref="BenchmarkFailure">Always.</exception>
    public Task<Report> RunAsync() => throw new BenchmarkFailure("This build is without the orleans engine.");
}
