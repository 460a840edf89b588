namespace Drizzle.Cedar;

/// <summary>Bounds of what is read.</summary>
public static class CedarLimits
{
    /// <summary>Characters of a text.</summary>
    public const int Text = 4 * 1024 * 1024;

    /// <summary>Brackets within brackets, in texts and in JSON.</summary>
    public const int Nesting = 200;

    /// <summary>Operators under operators, chains such as <c>a &amp;&amp; b &amp;&amp; c</c> included.</summary>
    public const int Depth = 1000;
}
