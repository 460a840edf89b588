using System.Security.Cryptography;
using System.Text;

namespace Drizzle.Engine.Sql;

/// <summary>A short name for what has a long one, such as a bucket of a limit and its subject.</summary>
internal static class Digest
{
    private const int Bytes = 16;

    /// <summary>Lengths before the parts, so that no two lists of them read the same.</summary>
    public static byte[] Of(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i < parts.Length - 1) text.Append(parts[i].Length).Append(':');
            text.Append(parts[i]);
        }
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()))[..Bytes];
    }
}
