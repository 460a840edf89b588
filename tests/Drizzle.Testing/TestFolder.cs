namespace Drizzle.Testing;

/// <summary>A folder of the test's own that goes with it.</summary>
public sealed class TestFolder : IDisposable
{
    private const string Memory = "/dev/shm";
    private const long Room = 2L << 30;

    /// <summary>In memory where there is room for it: databases flush at every commit, and disks of shared machines stall for minutes.</summary>
    public string Path { get; } = Create();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Create()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Memory) || new DriveInfo(Memory).AvailableFreeSpace < Room) return Directory.CreateTempSubdirectory("drizzle-test-").FullName;
        return Directory.CreateDirectory($"{Memory}/drizzle-test-{Guid.NewGuid():n}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }
}
