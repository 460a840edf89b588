using System.Reflection;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>Where things are in this repository.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program as it was built with these tests.</summary>
    public static string Program { get; } = Path.Combine(Root, "admin", "Drizzle.Cli", "bin", Configuration(), "net10.0", "drizzle");

    private static string Configuration() =>
        typeof(Repository).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? throw new InvalidOperationException("The tests do not say how they were built.");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Drizzle.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("No Drizzle.sln above the tests.");
    }
}
