namespace Drizzle.Engine.Orleans;

/// <summary>
/// The version of what silos and their clients say to each other. Every call of a client bears it, and a silo refuses with a sentence what it would take wrongly.
/// It is raised where a field or a method is given another meaning; what is only added needs no new one.
/// </summary>
public static class ContractVersion
{
    /// <summary>What this build speaks.</summary>
    public const int Spoken = 1;

    /// <summary>The oldest that its silos understand.</summary>
    public const int Oldest = 1;

    private const string Key = "drizzle.contract";

    /// <summary>Why a silo refuses the call in hand; null where it does not.</summary>
    public static string? Refusal() => RequestContext.Get(Key) switch
    {
        int version when version > Spoken => $"This process speaks version {version} of the contract between silos and their clients, and the silos understand versions {Oldest} to {Spoken}. Bring the silos to its version first, one by one.",
        int version when version >= Oldest => null,
        var other => $"This process speaks version {(other is int version ? version : 0)} of the contract between silos and their clients, and the silos understand versions {Oldest} to {Spoken}. Bring it to the version of the silos.",
    };

    /// <summary>Names the version in each call of a client.</summary>
    internal sealed class Naming(int version) : IOutgoingGrainCallFilter
    {
        private readonly object _version = version;

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            RequestContext.Set(Key, _version);
            return context.Invoke();
        }
    }
}
