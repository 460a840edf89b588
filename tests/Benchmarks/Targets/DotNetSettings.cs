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

    /// <summary>A silo, as a process, with what <c>./drizzle silo</c> sets.</summary>
    /// <param name="ports">For other silos, for clients and for operations.</param>
    public static Dictionary<string, string> Silo(string database, IReadOnlyList<int> ports)
    {
        var settings = Drizzle(isOneCore: false);
        settings["DOTNET_GCgen0size"] = "0x4000000";
        settings["Drizzle__Engine"] = "orleans";
        settings["Drizzle__Postgres"] = database;
        settings["Drizzle__Silo__Port"] = $"{ports[0]}";
        settings["Drizzle__Silo__Gateway"] = $"{ports[1]}";
        settings["Drizzle__Silo__Operations"] = $"http://127.0.0.1:{ports[2]}";
        return settings;
    }

    /// <summary>An edge, as a process, of an engine that others share.</summary>
    /// <param name="ports">For the gateway and for operations.</param>
    public static Dictionary<string, string> Edge(string database, IReadOnlyList<int> ports, bool isOneCore)
    {
        var settings = Drizzle(isOneCore);
        settings["Drizzle__Engine"] = "postgres";
        settings["Drizzle__Postgres"] = database;
        settings["Drizzle__Edge__Http"] = $"http://127.0.0.1:{ports[0]}";
        settings["Drizzle__Edge__Operations"] = $"http://127.0.0.1:{ports[1]}";
        return settings;
    }
}
