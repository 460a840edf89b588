using Drizzle.Contracts.Limits;

namespace Drizzle.Simulation;

/// <summary>
/// Judges every window (s,t) at once: of all admissions so far it keeps the least of <c>A(s) − r·s</c>, so that the greatest of
/// <c>A(t) − A(s) − r·(t−s)</c> is one subtraction. In true time; an owner whose clock is fast refills faster by as much.
/// </summary>
/// <param name="clockError">By how much the owner's clock may be fast.</param>
internal sealed class Oracle(BucketRule rule, double clockError)
{
    private double _least = double.MaxValue;

    /// <summary>Tokens admitted.</summary>
    public long Admitted { get; private set; }

    /// <summary>Tokens by which some window had more than B + r·(t−s); 0 or less where none had.</summary>
    public double Excess { get; private set; } = double.MinValue;

    /// <param name="now">Nanoseconds of true time, never less than before.</param>
    public void Admit(long now, long cost)
    {
        var refilled = now * (1 + clockError) / rule.Interval;
        _least = Math.Min(_least, Admitted - refilled);
        Admitted += cost;
        Excess = Math.Max(Excess, Admitted - refilled - _least - rule.Burst);
    }
}
