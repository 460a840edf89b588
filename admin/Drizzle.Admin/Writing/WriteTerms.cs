using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Writing;

/// <summary>Under what terms something is written.</summary>
/// <param name="Author">Who and why.</param>
/// <param name="IsPlatformOwner">Whether the author may do what is the platform's owner's.</param>
/// <param name="Expected">The revision it must still have; any when absent.</param>
/// <param name="IsTrial">Whether to judge and compare only.</param>
public sealed record WriteTerms(ChangeAuthor Author, bool IsPlatformOwner, long? Expected = null, bool IsTrial = false)
{
    /// <summary>The name of the file that is applied, which then owns what it states; null for other means.</summary>
    public string? File { get; init; }

    /// <summary>What the file states, as ownership names it.</summary>
    public IReadOnlySet<string> Stated { get; init; } = new HashSet<string>();

    /// <summary>Whether what a file owns is taken from it.</summary>
    public bool IsForced { get; init; }
}
