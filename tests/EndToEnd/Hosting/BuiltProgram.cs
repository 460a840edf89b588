using System.Reflection;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>The program as it was built with these tests.</summary>
internal static class BuiltProgram
{
    public static string Path { get; } = System.IO.Path.Combine(Repository.Root, "admin", "Drizzle.Cli", "bin", Configuration(), "net10.0", "drizzle");

    private static string Configuration() =>
        typeof(BuiltProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? throw new InvalidOperationException("The tests do not say how they were built.");
}
