using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Conformance;

/// <summary>A test with an owner of the buckets that edges share.</summary>
public abstract class LeaseTests(IEngineFixture fixture) : EngineTests(fixture)
{
    protected static readonly BucketId Id = new("acme/plan:p/each", "mobile");

    protected IBucketOwner Owner => Engine.BucketOwner ?? throw new InvalidOperationException("The engine's buckets are not shared.");

    protected static LeaseRequest Ask(BucketRule rule, long tokens) => new(Id, rule, 1, new(tokens, tokens), []);

    /// <summary>An owner that has just begun, or whose answer was late, may say at first that there is nothing yet; it is asked again.</summary>
    protected async Task<LeaseAnswer> LeaseAsync(string edge, LeaseRequest request)
    {
        LeaseAnswer answer = default;
        await Eventually.TrueAsync(async () => (answer = (await TryLeaseAsync(edge, [request]))[0]).Level != LeaseAnswer.NotYet, $"the owner answers {edge}");
        return answer;
    }

    /// <summary>Leases of other buckets until some are granted: the first of a process may take so long that nobody waits for it, and what it grants goes back later.</summary>
    protected async Task WarmUpAsync(BucketRule rule)
    {
        for (var i = 0; i < 16; i++)
        {
            var ask = Ask(rule, 1) with { Bucket = new(Id.Limit, $"first {i}") };
            await Eventually.TrueAsync(async () => (await LeaseAsync("edge", ask)).Granted == 1, "the owner grants");
        }
    }

    protected async Task<IReadOnlyList<LeaseAnswer>> TryLeaseAsync(string edge, LeaseRequest[] requests)
    {
        try
        {
            return (await Owner.LeaseAsync(edge, requests, Stop)).Answers;
        }
        catch (EngineException)
        {
            return [.. requests.Select(_ => LeaseAnswer.ComeAgain())];
        }
    }
}
