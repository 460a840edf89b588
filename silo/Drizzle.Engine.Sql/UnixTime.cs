namespace Drizzle.Engine.Sql;

internal static class UnixTime
{
    /// <summary>Nanoseconds since 1970, as buckets are kept.</summary>
    public static long UnixNanoseconds(this TimeProvider clock) => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
}
