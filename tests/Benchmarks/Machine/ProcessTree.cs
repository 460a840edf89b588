namespace Drizzle.Benchmarks.Machine;

/// <summary>A process and its descendants as they are now: what they have used so far, and what they hold.</summary>
internal sealed class ProcessTree
{
    private readonly int[] _ids;

    private ProcessTree(int[] ids) => _ids = ids;

    public static ProcessTree Of(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Parent: ParentOf(id)))
            .ToLookup(p => p.Parent, p => p.Id);
        var ids = new List<int> { root };
        for (var i = 0; i < ids.Count; i++) ids.AddRange(parents[ids[i]]);
        return new ProcessTree([.. ids]);
    }

    /// <summary>Nanoseconds of CPU that it has used, by the scheduler's own count.</summary>
    public long CpuNanoseconds() => _ids.Sum(CpuOf);

    public double ResidentMegabytes() => _ids.Sum(ResidentOf) / 1024.0;

    // Not the sum over the threads of /proc: one that ends takes its share out of that sum.
    private static long CpuOf(int id) =>
        Native.CpuClockOf(id, out var clock) == 0 && Native.ReadClock(clock, out var used) == 0 ? (used.Seconds * 1_000_000_000) + used.Nanoseconds : 0;

    private static long ResidentOf(int id)
    {
        var line = TryRead($"/proc/{id}/status")?.Split('\n').FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    private static int ParentOf(int id)
    {
        // The name in parentheses may hold anything, so what follows the last one counts.
        var stat = TryRead($"/proc/{id}/stat");
        return stat is null ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
    }

    /// <returns>Null where the process has ended.</returns>
    private static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}
