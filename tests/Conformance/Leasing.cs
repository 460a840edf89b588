using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>How the tests lease.</summary>
internal static class Leasing
{
    public static IBucketOwner Owner(this IEngine engine) => engine.BucketOwner ?? throw new InvalidOperationException("The engine's buckets are not shared.");

    /// <summary>An owner that has just begun, or whose answer was late, may say at first that there is nothing yet; it is asked again.</summary>
    public static async Task<LeaseAnswer> LeaseAsync(this IEngine engine, string edge, LeaseRequest request, CancellationToken cancellation)
    {
        LeaseAnswer answer = default;
        await Eventually.TrueAsync(async () => (answer = (await engine.TryLeaseAsync(edge, [request], cancellation))[0]).Level != LeaseAnswer.NotYet, $"the owner answers {edge}");
        return answer;
    }

    public static async Task<IReadOnlyList<LeaseAnswer>> TryLeaseAsync(this IEngine engine, string edge, LeaseRequest[] requests, CancellationToken cancellation)
    {
        try
        {
            return (await engine.Owner().LeaseAsync(edge, requests, cancellation)).Answers;
        }
        catch (EngineException)
        {
            return [.. requests.Select(_ => LeaseAnswer.ComeAgain())];
        }
    }
}
