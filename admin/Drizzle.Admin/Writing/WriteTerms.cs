using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Writing;

/// <summary>Under what terms something is written.</summary>
/// <param name="Author">Who and why.</param>
/// <param name="Expected">The revision it must still have; any when absent.</param>
/// <param name="IsTrial">Whether to judge and compare only.</param>
public sealed record WriteTerms(ChangeAuthor Author, long? Expected = null, bool IsTrial = false);
