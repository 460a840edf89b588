using System.Text;

namespace Drizzle.Cedar.Json;

/// <summary>The order in which JSON forms have names: by code points.</summary>
internal static class Utf8Order
{
    public static readonly Comparer<string> Comparer = Comparer<string>.Create(static (one, other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)));
}
