namespace Drizzle.Edge.Hosting;

/// <summary>Where code that waited for a socket goes on.</summary>
public static class SocketCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// On the thread that waits for sockets, which saves a hop to the thread pool with each answer of an upstream: a seventh of a request's CPU.
    /// In return nothing that goes on there may block or compute for long. To be called before the first socket; what the environment says comes first.
    /// </summary>
    public static void PreferInline()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }
}
