using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Reading;

namespace Drizzle.Admin.Writing;

/// <summary>How a change ended. Whatever is not <see cref="Done"/> has changed nothing.</summary>
public abstract record WriteResult
{
    private WriteResult() { }

    /// <param name="Revision">The revision that now holds; the one before where nothing changed or it was a trial.</param>
    /// <param name="Changes">Empty where everything was so already.</param>
    public sealed record Done(long Revision, IReadOnlyList<ObjectChange> Changes) : WriteResult;

    /// <summary>What would result is not valid.</summary>
    public sealed record Invalid(IReadOnlyList<ConfigError> Errors) : WriteResult;

    public sealed record Missing(string Kind, string Name) : WriteResult;

    public sealed record Exists(string Kind, string Name) : WriteResult;

    /// <summary>Someone else changed it since it was read.</summary>
    public sealed record Stale(long Expected, long Actual) : WriteResult;

    /// <summary>The host belongs to another tenant.</summary>
    public sealed record HostTaken(string Host) : WriteResult;

    /// <summary>Others were faster each time.</summary>
    public sealed record Contended(int Attempts) : WriteResult;
}
