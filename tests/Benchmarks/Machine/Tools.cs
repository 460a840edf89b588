namespace Drizzle.Benchmarks.Machine;

/// <summary>Other programs that are used, if they are there.</summary>
internal static class Tools
{
    // Where Debian keeps servers, which is not on every user's PATH.
    private static readonly string[] More = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <returns>Null where it is not installed.</returns>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(More).Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <exception cref="BenchmarkFailure">It is not installed.</exception>
    public static string Need(string name, string package) =>
        Find(name) ?? throw new BenchmarkFailure($"'{name}' is not installed: install the package {package} (apt-get install {package}).", 2);
}
