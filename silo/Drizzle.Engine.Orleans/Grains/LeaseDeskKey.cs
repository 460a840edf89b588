using System.Globalization;

namespace Drizzle.Engine.Orleans.Grains;

/// <summary>The keys of a silo's lease desk, each of which does: the silo, as <c>address:port@generation</c>, alone or with a slash and a number.</summary>
public static class LeaseDeskKey
{
    /// <param name="way">0 for the silo alone.</param>
    public static string Of(string silo, int way) => way == 0 ? silo : string.Create(CultureInfo.InvariantCulture, $"{silo}/{way}");

    public static string SiloOf(string key) => key.IndexOf('/', StringComparison.Ordinal) is >= 0 and var end ? key[..end] : key;
}
