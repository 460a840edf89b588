namespace Drizzle.Silo.Buckets;

/// <summary>Nanoseconds of this silo's clock, which never runs backwards, and goes on while the process is stopped.</summary>
internal sealed class SiloClock(TimeProvider clock)
{
    private readonly long _start = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public long Now() => clock.GetElapsedTime(_start).Ticks * 100;
}
