namespace Drizzle.Benchmarks.Targets;

/// <summary>The environment of every .NET process on one core: what <c>./drizzle</c> sets, and a runtime that counts one core.</summary>
internal static class DotNetSettings
{
    public static Dictionary<string, string> OneCore() => new() { ["DOTNET_GCgen0size"] = "0x1000000", ["DOTNET_PROCESSOR_COUNT"] = "1" };

    public static Dictionary<string, string> AsShipped() => new() { ["DOTNET_GCgen0size"] = "0x1000000" };
}
