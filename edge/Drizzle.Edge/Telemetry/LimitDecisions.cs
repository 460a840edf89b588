namespace Drizzle.Edge.Telemetry;

/// <summary>How often one limit has admitted and refused; counted by requests, read by whoever reads the metrics.</summary>
internal sealed class LimitDecisions
{
    private long _admitted;
    private long _refused;

    public void Add(bool isAdmitted) => Interlocked.Increment(ref isAdmitted ? ref _admitted : ref _refused);

    /// <summary>Outcomes that there were.</summary>
    public IEnumerable<(string Outcome, long Count)> Read()
    {
        if (Interlocked.Read(ref _admitted) is > 0 and var admitted) yield return ("admitted", admitted);
        if (Interlocked.Read(ref _refused) is > 0 and var refused) yield return ("refused", refused);
    }
}
