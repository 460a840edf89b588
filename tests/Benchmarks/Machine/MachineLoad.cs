namespace Drizzle.Benchmarks.Machine;

/// <summary>How much CPU time the whole machine has used, and this process with the children it has waited for.</summary>
internal static class MachineLoad
{
    private const double TicksPerSecond = 100;

    public static double BusySeconds() => File.ReadLines("/proc/stat")
        .Where(line => line.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(line[3]))
        .Select(line => line.Split(' ').Skip(1).Select(long.Parse).ToArray())
        // user, nice, system; irq, softirq. Neither idle nor waiting.
        .Sum(cpu => cpu[0] + cpu[1] + cpu[2] + cpu[5] + cpu[6]) / TicksPerSecond;

    public static double OwnSeconds()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[11..15].Sum(long.Parse) / TicksPerSecond;
    }
}
