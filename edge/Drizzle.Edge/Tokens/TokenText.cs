using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Drizzle.Edge.Tokens;

/// <summary>A signed JSON Web Token (RFC 7515, compact form), read strictly and not verified: what two readers could read differently is none.</summary>
internal sealed class TokenText : IDisposable
{
    /// <summary>In characters.</summary>
    public const int Longest = 16 * 1024;

    private const int LongestKeyId = 256;
    private static readonly SearchValues<char> Base64UrlCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private readonly JsonDocument _payload;

    private TokenText(string text, string algorithm, string? keyId, JsonDocument payload) => (Text, Algorithm, KeyId, _payload) = (text, algorithm, keyId, payload);

    public string Text { get; }

    /// <summary>As the token says; the issuer's configuration decides whether it is one.</summary>
    public string Algorithm { get; }

    public string? KeyId { get; }

    /// <summary>An object.</summary>
    public JsonElement Claims => _payload.RootElement;

    /// <returns>Null where it is no such token.</returns>
    public static TokenText? Read(string text)
    {
        if (text.Length > Longest || text.AsSpan().Count('.') != 2) return null;
        var (first, last) = (text.IndexOf('.', StringComparison.Ordinal), text.LastIndexOf('.'));
        if (first == 0 || last == first + 1 || last == text.Length - 1 || !IsCanonical(text.AsSpan(last + 1))) return null;
        using var header = Json(text.AsSpan(0, first));
        if (header is null || !TryReadHeader(header.RootElement, out var algorithm, out var keyId)) return null;
        var payload = Json(text.AsSpan(first + 1, last - first - 1));
        return payload is null ? null : new TokenText(text, algorithm, keyId, payload);
    }

    public void Dispose() => _payload.Dispose();

    /// <summary>Keys that a header brings along or points to (jwk, jku, x5c, x5u) are passed over; what it says must be understood (crit), is not.</summary>
    private static bool TryReadHeader(JsonElement header, out string algorithm, out string? keyId)
    {
        (algorithm, keyId) = ("", null);
        if (header.TryGetProperty("crit", out _) || header.TryGetProperty("b64", out _) || header.TryGetProperty("zip", out _)) return false;
        if (!header.TryGetProperty("alg", out var alg) || alg.ValueKind != JsonValueKind.String) return false;
        if (header.TryGetProperty("typ", out var type) && !IsToken(type)) return false;
        if (header.TryGetProperty("cty", out var content) && !(content.ValueKind == JsonValueKind.String && content.GetString() is "json" or "application/json")) return false;
        if (header.TryGetProperty("kid", out var kid))
        {
            if (kid.ValueKind != JsonValueKind.String || kid.GetString() is not { Length: > 0 and <= LongestKeyId } id) return false;
            keyId = id;
        }
        algorithm = alg.GetString() ?? "";
        return true;
    }

    /// <summary>Tokens of other kinds, such as for logging out or for proofs, are no credentials.</summary>
    private static bool IsToken(JsonElement type)
    {
        if (type.ValueKind != JsonValueKind.String || type.GetString() is not { } text) return false;
        if (text.StartsWith("application/", StringComparison.OrdinalIgnoreCase)) text = text["application/".Length..];
        return text.Equals("JWT", StringComparison.OrdinalIgnoreCase) || text.Equals("at+jwt", StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Null where it is no object, or holds a name twice.</returns>
    private static JsonDocument? Json(ReadOnlySpan<char> segment)
    {
        if (!IsCanonical(segment)) return null;
        var bytes = Base64Url.DecodeFromChars(segment);
        if (!Utf8.IsValid(bytes)) return null;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
            ReadTexts(document.RootElement);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is half a surrogate pair, which is found only where a text is read.
        }
        document?.Dispose();
        return null;
    }

    private static void ReadTexts(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) ReadTexts(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                _ = property.Name;
                ReadTexts(property.Value);
            }
        }
    }

    /// <summary>Whether it is base64url without padding, and its unused bits are zero, so that no two texts are the same bytes.</summary>
    private static bool IsCanonical(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment.Length % 4 == 1 || segment.ContainsAnyExcept(Base64UrlCharacters)) return false;
        var unused = (segment.Length % 4) switch { 2 => 0b1111, 3 => 0b11, _ => 0 };
        return (ValueOf(segment[^1]) & unused) == 0;
    }

    private static int ValueOf(char c) => c switch
    {
        >= 'A' and <= 'Z' => c - 'A',
        >= 'a' and <= 'z' => c - 'a' + 26,
        >= '0' and <= '9' => c - '0' + 52,
        '-' => 62,
        _ => 63,
    };
}
