namespace Drizzle.Contracts.Ports;

/// <summary>Where state lives: the ports of one engine, and what they share.</summary>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Whether other processes share it, perhaps on other machines.</summary>
    bool IsShared { get; }

    IConfigStore Store { get; }

    IConfigFeed Feed { get; }

    IEdgeRegistry Edges { get; }

    IBuckets Buckets { get; }

    /// <summary>Of whom edges lease what they share; null where all is one process, which charges <see cref="Buckets"/>.</summary>
    IBucketOwner? BucketOwner { get; }

    /// <summary>The same buckets, whoever owns them, for administration.</summary>
    ILiveBuckets LiveBuckets { get; }

    IAccessTokens Tokens { get; }

    IUsers Users { get; }

    ILogins Logins { get; }

    IAuditLog Audit { get; }

    IEventLog Events { get; }

    IQuotaLedger Quotas { get; }

    IUsageLedger Usage { get; }

    ITraffic Traffic { get; }
}

/// <summary>The engine cannot do what it was asked, for a reason outside this program: disk full, folder not writable, database away.</summary>
public sealed class EngineException(string message, Exception? inner = null) : Exception(message, inner);
