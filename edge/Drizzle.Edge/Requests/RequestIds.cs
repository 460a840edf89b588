using System.Security.Cryptography;

namespace Drizzle.Edge.Requests;

/// <summary>Ids that are unique among edges and cheap: 40 random bits of this process, then a count.</summary>
internal static class RequestIds
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private static readonly string Process = RandomNumberGenerator.GetString(Digits, 8);
    private static long s_last = RandomNumberGenerator.GetInt32(int.MaxValue);

    public static string Next() => string.Create(20, Interlocked.Increment(ref s_last), static (text, count) =>
    {
        Process.CopyTo(text);
        for (var i = text.Length - 1; i >= Process.Length; i--)
        {
            text[i] = Digits[(int)(count & 31)];
            count >>= 5;
        }
    });
}
