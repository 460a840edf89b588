using Drizzle.Engine.Orleans;

namespace Drizzle.Silo;

/// <summary>
/// What goes wrong in a call travels to the caller as a sentence: the database's own exceptions cannot, and need not. A client of another version of the contract is refused by one.
/// </summary>
internal sealed class CallFailures : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is Grain && context.SourceId is { } caller && IsOutside(caller) && ContractVersion.Refusal() is { } refusal) throw new Orleans.Runtime.OrleansException(refusal);
        return AsSentenceAsync(context.Invoke);
    }

    /// <summary>What a silo calls outside of any grain comes from a client within it, whose name begins so.</summary>
    private static bool IsOutside(Orleans.Runtime.GrainId caller) => caller.IsClient() && caller.Key.ToString()?.StartsWith("hosted-", StringComparison.Ordinal) != true;

    /// <exception cref="Orleans.Runtime.OrleansException">It failed.</exception>
    public static async Task AsSentenceAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not Orleans.Runtime.OrleansException)
        {
            throw Sentence(e);
        }
    }

    private static Orleans.Runtime.OrleansException Sentence(Exception e) => new(e.Message);
}
