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

    /// <summary>Operators of a policy in all, each counted as often as it is worked through: <c>a has b.c.d</c> works through <c>a</c> three times.</summary>
    public const int Size = 50_000;

    /// <summary><c>when</c> and <c>unless</c> of a policy.</summary>
    public const int Conditions = 100;
}
