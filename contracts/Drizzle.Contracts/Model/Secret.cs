using System.Text;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Model;

/// <summary>A secret: where each edge finds it, or the value itself; exactly one of these.</summary>
public sealed record Secret
{
    /// <summary>The name of an environment variable of the edges. Given by the platform's owner alone.</summary>
    public string? FromEnv { get; init; }

    /// <summary>A file on the edges, read again when it changes. Given by the platform's owner alone.</summary>
    public string? FromFile { get; init; }

    /// <summary>The value, which is stored encrypted under DRIZZLE_MASTER_KEY and never shown.</summary>
    public string? Value { get; init; }

    /// <summary>Stands in an export for a value that is stored; applied again, it keeps that.</summary>
    public bool Stored { get; init; }

    /// <summary>The value as it is stored; see <see cref="Secrets.MasterKeys"/>.</summary>
    [StoredForm]
    public string? Sealed { get; init; }

    /// <summary>Whether it says where edges find it, which is not a tenant's to say.</summary>
    internal bool IsReference => FromEnv is not null || FromFile is not null;

    // What is printed may be logged.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(FromEnv is not null ? $"FromEnv = {FromEnv}" : FromFile is not null ? $"FromFile = {FromFile}" : "…");
        return true;
    }
}
