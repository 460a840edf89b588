namespace Drizzle.Cedar;

/// <summary>Types of actions.</summary>
internal static class ActionTypes
{
    private const string Name = "Action";

    /// <summary>Whether a type is one of actions: its last name is Action.</summary>
    public static bool Is(string type) => type.EndsWith(Name, StringComparison.Ordinal) && (type.Length == Name.Length || type.EndsWith("::" + Name, StringComparison.Ordinal));
}
