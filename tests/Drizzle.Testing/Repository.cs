namespace Drizzle.Testing;

/// <summary>Where this repository is.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Drizzle.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException("No Drizzle.sln above the tests.");
    }
}
