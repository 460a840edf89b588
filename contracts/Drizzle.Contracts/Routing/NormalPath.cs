using System.Buffers;
using System.Text;

namespace Drizzle.Contracts.Routing;

public enum PathVerdict
{
    Ok,

    /// <summary>No leading slash, a broken percent-encoding, an encoded byte that UTF-8 never has (such as the start of an overlong slash), or a character that no path may have.</summary>
    Malformed,

    /// <summary>An encoded control character, such as %00.</summary>
    Control,

    /// <summary>More than <see cref="NormalPath.MostSegments"/> segments.</summary>
    TooDeep,
}

/// <summary>
/// The one form in which a path is matched and forwarded: percent-encodings of unreserved characters decoded, others in upper case,
/// dot segments removed, runs of slashes made one. What remains encoded (such as <c>%2F</c> or <c>%25</c>) stays as it was written.
/// </summary>
public static class NormalPath
{
    public const int MostSegments = 256;

    // RFC 3986 pchar without '%', and '/'. The backslash is let through here, to be refused as ambiguous.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    // Browsers and scripts send these unencoded; they are encoded here rather than refused.
    private static readonly SearchValues<char> Encodable = SearchValues.Create("[]{}|^`\"<>\\");

    /// <summary>Normalises the path of a request target. The string itself is returned where it is normal already.</summary>
    /// <param name="raw">The path alone, without query.</param>
    /// <param name="normal">The normal form, or the empty string.</param>
    /// <param name="isAmbiguous">Whether an encoded slash or backslash, or <c>..;</c> with its semicolon encoded or not, is in it: upstreams disagree on what those mean.</param>
    public static PathVerdict TryNormalize(string raw, out string normal, out bool isAmbiguous)
    {
        normal = "";
        isAmbiguous = false;
        if (raw.Length == 0 || raw[0] != '/') return PathVerdict.Malformed;
        if (IsNormal(raw))
        {
            normal = raw;
            isAmbiguous = raw.Contains("..;", StringComparison.Ordinal);
            return CountSegments(raw) > MostSegments ? PathVerdict.TooDeep : PathVerdict.Ok;
        }
        var buffer = ArrayPool<char>.Shared.Rent(raw.Length * 3);
        try
        {
            var verdict = Decode(raw, buffer, out var length);
            if (verdict != PathVerdict.Ok) return verdict;
            length = RemoveDotSegments(buffer.AsSpan(0, length));
            normal = new string(buffer, 0, length);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
        isAmbiguous = normal.Contains("%2F", StringComparison.Ordinal) || normal.Contains("%5C", StringComparison.Ordinal)
            || normal.Contains("..;", StringComparison.Ordinal) || normal.Contains("..%3B", StringComparison.Ordinal);
        return CountSegments(normal) > MostSegments ? PathVerdict.TooDeep : PathVerdict.Ok;
    }

    private static bool IsNormal(string raw) =>
        raw.AsSpan().IndexOfAnyExcept(Plain) < 0
        && !raw.Contains("//", StringComparison.Ordinal)
        && !raw.Contains("/.", StringComparison.Ordinal);

    private static int CountSegments(string path) => path.AsSpan().Count('/');

    private static PathVerdict Decode(string raw, char[] buffer, out int length)
    {
        length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var c = raw[i];
            if (c == '%')
            {
                if (i + 2 >= raw.Length || !char.IsAsciiHexDigit(raw[i + 1]) || !char.IsAsciiHexDigit(raw[i + 2])) return PathVerdict.Malformed;
                var value = (HexValue(raw[i + 1]) << 4) | HexValue(raw[i + 2]);
                i += 2;
                if (value is < 0x20 or 0x7F) return PathVerdict.Control;
                if (value is 0xC0 or 0xC1 or >= 0xF5) return PathVerdict.Malformed;
                if (IsUnreserved((char)value)) buffer[length++] = (char)value;
                else length = Encode(buffer, length, value);
            }
            else if (Plain.Contains(c)) buffer[length++] = c;
            else if (Encodable.Contains(c)) length = Encode(buffer, length, c);
            else return PathVerdict.Malformed;
        }
        return PathVerdict.Ok;
    }

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private static int HexValue(char c) => char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;

    private static int Encode(char[] buffer, int length, int value)
    {
        const string Hex = "0123456789ABCDEF";
        buffer[length] = '%';
        buffer[length + 1] = Hex[value >> 4];
        buffer[length + 2] = Hex[value & 15];
        return length + 3;
    }

    /// <summary>RFC 3986, 5.2.4, in place; runs of slashes become one on the way.</summary>
    private static int RemoveDotSegments(Span<char> path)
    {
        var written = 0;
        var rest = 0;
        while (rest < path.Length)
        {
            rest++;
            var slash = path[rest..].IndexOf('/');
            var end = slash < 0 ? path.Length : rest + slash;
            var segment = path[rest..end];
            var isLast = end == path.Length;
            if (segment is "..")
            {
                written = Math.Max(0, path[..written].LastIndexOf('/'));
                if (isLast) path[written++] = '/';
            }
            else if (segment is "." || segment.IsEmpty)
            {
                if (isLast) path[written++] = '/';
            }
            else
            {
                path[written++] = '/';
                segment.CopyTo(path[written..]);
                written += segment.Length;
            }
            rest = end;
        }
        return written;
    }

    /// <summary>The normal form of a literal segment as a person wrote it in a pattern, encoded or not.</summary>
    public static string? Literal(string segment)
    {
        var encoded = segment.Contains('%', StringComparison.Ordinal) ? segment : string.Concat(segment.EnumerateRunes().Select(EncodeIfNeeded));
        return TryNormalize("/" + encoded, out var normal, out _) == PathVerdict.Ok && normal.Length > 1 ? normal[1..] : null;
    }

    private static string EncodeIfNeeded(Rune rune) =>
        rune.IsAscii && (Plain.Contains((char)rune.Value) || Encodable.Contains((char)rune.Value)) ? rune.ToString() : Uri.EscapeDataString(rune.ToString());
}
