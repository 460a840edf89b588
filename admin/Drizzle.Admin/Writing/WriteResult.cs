using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Validation;

namespace Drizzle.Admin.Writing;

/// <summary>How a change ended. Whatever is not <see cref="Done"/> has changed nothing.</summary>
public abstract record WriteResult
{
    private WriteResult() { }

    /// <summary>Why nothing was changed, in one sentence; empty where it was.</summary>
    public abstract string Reason { get; }

    /// <param name="Revision">The revision that now holds; the one before where nothing changed or it was a trial.</param>
    /// <param name="Changes">Empty where everything was so already.</param>
    public sealed record Done(long Revision, IReadOnlyList<ObjectChange> Changes) : WriteResult
    {
        public override string Reason => "";
    }

    /// <summary>What would result is not valid.</summary>
    public sealed record Invalid(IReadOnlyList<ConfigError> Errors) : WriteResult
    {
        public override string Reason => Errors.Count == 1 ? Errors[0].ToString() : $"{Errors.Count} errors; each is listed.";
    }

    public sealed record Missing(string Kind, string Name) : WriteResult
    {
        public override string Reason => $"There is no {Kind} '{Names.Shown(Name)}'.";
    }

    public sealed record Exists(string Kind, string Name) : WriteResult
    {
        public override string Reason => $"There is a {Kind} '{Names.Shown(Name)}' already.";
    }

    /// <summary>Someone else changed it since it was read.</summary>
    public sealed record Stale(long Expected, long Actual) : WriteResult
    {
        public override string Reason => $"Expected revision {Expected}, but it is at {Actual}.";
    }

    /// <summary>The host belongs to another tenant.</summary>
    public sealed record HostTaken(string Host) : WriteResult
    {
        public override string Reason => $"The host '{Host}' belongs to another tenant.";
    }

    /// <summary>The object is kept in a file.</summary>
    /// <param name="Object">Kind and name, such as <c>route/read-orders</c>.</param>
    public sealed record OwnedByFile(string Object, string File) : WriteResult
    {
        public override string Reason => $"{Names.Shown(Object)} is kept in the file {Names.Shown(File)}: change it there and apply that, or take it from the file by force (--force, ?force=true).";
    }

    /// <summary>Whoever asked may not change this.</summary>
    public sealed record Forbidden(string Sentence) : WriteResult
    {
        public override string Reason => Sentence;
    }

    /// <summary>Others were faster each time.</summary>
    public sealed record Contended(int Attempts) : WriteResult
    {
        public override string Reason => $"Others changed it {Attempts} times in a row meanwhile. Try again.";
    }
}
