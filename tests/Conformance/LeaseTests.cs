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

    /// <summary>Asks until it is granted: of an answer that came too late the tokens go back first.</summary>
    protected Task TakeAsync(string edge, LeaseRequest request) => Eventually.TrueAsync(async () => (await LeaseAsync(edge, request)).Granted == request.Ask.Need, $"{edge} is granted what it asks for");

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
