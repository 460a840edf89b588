using System.Text.Json;

namespace Drizzle.Contracts.Values;

/// <summary>A value with a text form of its own, the same in YAML, JSON and on the command line.</summary>
public interface IParsableValue<TSelf> where TSelf : struct, IParsableValue<TSelf>
{
    /// <summary>What an error says was expected, with an example.</summary>
    static abstract string Expected { get; }

    static abstract bool TryParse(string text, out TSelf value);
}

internal static class ParsableValue
{
    public static T FromJson<T>(ref Utf8JsonReader reader) where T : struct, IParsableValue<T> =>
        reader.TokenType == JsonTokenType.String && T.TryParse(reader.GetString() ?? "", out var value)
            ? value
            : throw new JsonException($"Expected {T.Expected}.");
}
