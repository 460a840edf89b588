namespace Drizzle.Benchmarks.Routes;

/// <summary>What this process holds once everything that can be collected has been.</summary>
internal static class ManagedMemory
{
    public static long Bytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
