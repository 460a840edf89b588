namespace Drizzle.Simulation;

/// <summary>A monotonic clock of some machine, whose rate is wrong by at most so much and changes.</summary>
internal sealed class DriftingClock(Random random, double error)
{
    private double _local = random.NextDouble() * 1e12;
    private double _rate = 1;
    private long _at;

    /// <param name="now">True time.</param>
    public long At(long now) => (long)(_local + ((now - _at) * _rate));

    /// <summary>From now on it runs at another rate.</summary>
    public void Drift(long now)
    {
        _local += (now - _at) * _rate;
        _at = now;
        _rate = 1 + (error * ((2 * random.NextDouble()) - 1));
    }
}
