namespace Drizzle.Benchmarks.Targets;

/// <summary>The environment of the .NET processes that are measured.</summary>
internal static class DotNetSettings
{
    /// <summary>Bare YARP and the origin: the compiler as it comes, and a first generation that suits them better than the default, which takes more memory.</summary>
    public static Dictionary<string, string> Bare() => new() { ["DOTNET_TC_QuickJitForLoops"] = "1", ["DOTNET_GCgen0size"] = "0x1000000", ["DOTNET_PROCESSOR_COUNT"] = "1" };

    /// <summary>What <c>./drizzle</c> sets.</summary>
    public static Dictionary<string, string> Drizzle(bool isOneCore)
    {
        var settings = new Dictionary<string, string> { ["DOTNET_GCgen0size"] = "0x600000", ["MALLOC_ARENA_MAX"] = "2" };
        if (isOneCore) settings["DOTNET_PROCESSOR_COUNT"] = "1";
        return settings;
    }
}
