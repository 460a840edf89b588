namespace Drizzle.Cedar;

/// <summary>What validation says about a policy.</summary>
/// <param name="IsError">Whether the policy is invalid; otherwise it is a warning.</param>
/// <param name="At">Line 0 where the policy was no text.</param>
public sealed record Finding(string PolicyId, bool IsError, string Message, TextPosition At);
