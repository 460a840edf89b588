namespace Drizzle.Silo;

/// <summary>What goes wrong in a call travels to the caller as a sentence: the database's own exceptions cannot, and need not.</summary>
internal sealed class CallFailures : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (e is not Orleans.Runtime.OrleansException)
        {
            throw Sentence(e);
        }
    }

    public static Orleans.Runtime.OrleansException Sentence(Exception e) => new(e.Message);
}
