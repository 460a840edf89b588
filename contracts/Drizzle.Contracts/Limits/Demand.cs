namespace Drizzle.Contracts.Limits;

/// <summary>How much is asked for, as a moving mean. One caller measures; any may look.</summary>
/// <param name="over">The time that it is a mean over; nanoseconds.</param>
/// <param name="every">It is measured no more often than so; nanoseconds.</param>
/// <param name="now">When it begins.</param>
internal sealed class Demand(long over, long every, long now)
{
    private double _perNanosecond;
    private long _measuredAt = now;

    public bool IsDue(long now) => now - _measuredAt >= every;

    /// <param name="asked">Since it was measured last.</param>
    public void Measure(long asked, long now)
    {
        var elapsed = now - _measuredAt;
        var weight = 1 - Math.Exp(-(double)elapsed / over);
        _perNanosecond += weight * (((double)asked / elapsed) - _perNanosecond);
        _measuredAt = now;
    }

    /// <summary>What is asked for in so many nanoseconds.</summary>
    public double In(long nanoseconds) => _perNanosecond * nanoseconds;
}
