using System.Globalization;
using System.Text;

namespace Drizzle.Cedar;

/// <summary>Text between quotation marks, as Cedar writes and reads it.</summary>
internal static class Quoting
{
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes()) AppendEscaped(quoted, rune);
        return quoted.Append('"').ToString();
    }

    internal static void AppendEscaped(StringBuilder to, Rune rune)
    {
        switch (rune.Value)
        {
            case '"': to.Append("\\\""); break;
            case '\\': to.Append("\\\\"); break;
            case '\n': to.Append("\\n"); break;
            case '\r': to.Append("\\r"); break;
            case '\t': to.Append("\\t"); break;
            case 0: to.Append("\\0"); break;
            case var value when Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                to.Append(CultureInfo.InvariantCulture, $"\\u{{{value:x}}}");
                break;
            default: to.Append(rune.ToString()); break;
        }
    }

    /// <summary>What stands between the quotation marks, with its escapes resolved.</summary>
    /// <param name="error">What is wrong, otherwise.</param>
    public static bool TryUnquote(ReadOnlySpan<char> raw, out string text, out string error)
    {
        (text, error) = ("", "");
        if (!raw.Contains('\\'))
        {
            text = raw.ToString();
            return true;
        }
        var result = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            if (raw[0] != '\\')
            {
                var plain = raw.IndexOf('\\') is >= 0 and var next ? next : raw.Length;
                result.Append(raw[..plain]);
                raw = raw[plain..];
                continue;
            }
            if (!TryUnescape(ref raw, out var rune, out error)) return false;
            result.Append(rune.ToString());
        }
        text = result.ToString();
        return true;
    }

    /// <summary>As <see cref="TryUnquote"/> for a pattern of <c>like</c>, in which <c>\*</c> is an asterisk and <c>*</c> any text.</summary>
    public static bool TryUnquotePattern(ReadOnlySpan<char> raw, out Pattern pattern, out string error)
    {
        (pattern, error) = (Pattern.Empty, "");
        var elements = new List<PatternElement>();
        while (!raw.IsEmpty)
        {
            if (raw.StartsWith("\\*"))
            {
                elements.Add(new PatternElement(new Rune('*')));
                raw = raw[2..];
                continue;
            }
            Rune rune;
            if (raw[0] == '\\')
            {
                if (!TryUnescape(ref raw, out rune, out error)) return false;
            }
            else
            {
                Rune.DecodeFromUtf16(raw, out rune, out var length);
                raw = raw[length..];
            }
            // Also one that was written as \x2a or \u{2a}.
            elements.Add(rune.Value == '*' ? PatternElement.Wildcard : new PatternElement(rune));
        }
        pattern = new Pattern(elements);
        return true;
    }

    /// <param name="raw">Begins with a backslash; afterwards behind the escape.</param>
    private static bool TryUnescape(ref ReadOnlySpan<char> raw, out Rune rune, out string error)
    {
        (rune, error) = (default, "");
        if (raw.Length < 2)
        {
            error = "a backslash at the end";
            return false;
        }
        var kind = raw[1];
        var simple = kind switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '0' => '\0', '\\' => '\\', '"' => '"', '\'' => '\'', _ => '\uFFFF' };
        if (simple != '\uFFFF')
        {
            rune = new Rune(simple);
            raw = raw[2..];
            return true;
        }
        return kind switch
        {
            'x' => TryHex(ref raw, out rune, out error),
            'u' => TryUnicode(ref raw, out rune, out error),
            _ => Wrong($"the escape \\{kind} is not known", out error),
        };
    }

    private static bool TryHex(ref ReadOnlySpan<char> raw, out Rune rune, out string error)
    {
        rune = default;
        if (raw.Length < 4 || !int.TryParse(raw[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0x7F) return Wrong("\\x wants two hexadecimal digits, up to 7F", out error);
        rune = new Rune(value);
        raw = raw[4..];
        error = "";
        return true;
    }

    private static bool TryUnicode(ref ReadOnlySpan<char> raw, out Rune rune, out string error)
    {
        rune = default;
        var end = raw.IndexOf('}');
        if (raw.Length < 3 || raw[2] != '{' || end < 0) return Wrong("\\u wants braces, as in \\u{1F600}", out error);
        // Underscores may group the digits, but do not begin them.
        var digits = raw[3..end].ToString();
        if (digits.StartsWith('_')) return Wrong("\\u{…} begins with a digit", out error);
        digits = digits.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length is 0 or > 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.IsValid(value))
        {
            return Wrong("\\u{…} wants one to six hexadecimal digits of a Unicode character", out error);
        }
        rune = new Rune(value);
        raw = raw[(end + 1)..];
        error = "";
        return true;
    }

    private static bool Wrong(string what, out string error)
    {
        error = what;
        return false;
    }
}
