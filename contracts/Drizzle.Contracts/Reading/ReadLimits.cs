namespace Drizzle.Contracts.Reading;

/// <summary>Bounds on what is read, so that a hostile document costs no more than these.</summary>
public static class ReadLimits
{
    /// <summary>Characters in one document.</summary>
    public const int Characters = 64 << 20;

    /// <summary>Nesting.</summary>
    public const int Depth = 32;

    /// <summary>Nodes after aliases are expanded.</summary>
    public const long Nodes = 8_000_000;

    /// <summary>Values in one body of JSON, which is at most 20 MiB.</summary>
    public const int JsonNodes = 2_000_000;

    /// <summary>Errors reported; the rest are counted.</summary>
    public const int Errors = 100;
}
