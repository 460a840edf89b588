namespace Drizzle.Testing;

/// <summary>A folder of the test's own that goes with it.</summary>
public sealed class TestFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const string Prefix = "drizzle-test-";
    private const long Room = 2L << 30;

    // What runs that were killed have left would stay in memory.
    static TestFolder() => Sweep();

    /// <summary>In memory where there is room for it: databases flush at every commit, and disks of shared machines stall for minutes.</summary>
    public string Path { get; } = Create();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void Sweep()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Memory)) return;
        foreach (var folder in Directory.GetDirectories(Memory, Prefix + "*"))
        {
            var process = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (Directory.Exists($"/proc/{process}")) continue;
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // Another run sweeps too.
            }
        }
    }

    private static string Create()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < Room) return Directory.CreateTempSubdirectory(Prefix).FullName;
        return Directory.CreateDirectory($"{Memory}/{Prefix}{Environment.ProcessId}-{Guid.NewGuid():n}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}
