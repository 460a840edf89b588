using System.Diagnostics;

namespace Drizzle.Benchmarks.Machine;

/// <summary>Which core does what: one runs the proxy that is measured, another the load and the origin.</summary>
internal static class Cores
{
    private static readonly int[] Allowed = ReadAllowed();

    public static string Load => Core(0);

    public static string Proxy => Core(1);

    /// <summary>Starts a program on one core; it counts that one alone, and so do its children.</summary>
    public static (string File, string[] Arguments) On(string core, string file, params string[] arguments) =>
        (Tools.Need("taskset", "util-linux"), ["-c", core, file, .. arguments]);

    /// <summary>Moves all threads of this process to one core until the answer is disposed of.</summary>
    public static IDisposable Move(string core)
    {
        Set(core);
        return new Return();
    }

    private static string Core(int index) =>
        Allowed.Length >= 2 ? Allowed[index].ToString() : throw new BenchmarkFailure("Two cores are needed: one for the proxy, one for the load and the origin.");

    private static void Set(string cores)
    {
        using var taskset = Process.Start(new ProcessStartInfo(Tools.Need("taskset", "util-linux"), ["-a", "-c", "-p", cores, Environment.ProcessId.ToString()]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new BenchmarkFailure("taskset does not start.");
        taskset.StandardOutput.ReadToEnd();
        taskset.WaitForExit();
    }

    private static int[] ReadAllowed()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return [.. line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Split(',').SelectMany(Range)];
    }

    private static IEnumerable<int> Range(string text)
    {
        var ends = text.Split('-');
        return Enumerable.Range(int.Parse(ends[0]), int.Parse(ends[^1]) - int.Parse(ends[0]) + 1);
    }

    private sealed class Return : IDisposable
    {
        public void Dispose() => Set(string.Join(',', Allowed));
    }
}
