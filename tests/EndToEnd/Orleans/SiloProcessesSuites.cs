using Drizzle.Conformance;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>What any engine must hold, held by silos that are processes; as far as it does not want time to be moved.</summary>
[TestClass]
public sealed class SiloProcessesConfigStoreTests() : ConfigStoreTests(new SiloProcessesFixture(silos: 1));

[TestClass]
public sealed class SiloProcessesConfigFeedTests() : ConfigFeedTests(new SiloProcessesFixture(silos: 1));

[TestClass]
public sealed class SiloProcessesEdgeReportTests() : EdgeReportTests(new SiloProcessesFixture(silos: 1));

[TestClass]
public sealed class SiloProcessesLeaseOwnerTests() : LeaseOwnerTests(new SiloProcessesFixture(silos: 2));

[TestClass]
public sealed class PostgresServerOfSilos
{
    [AssemblyCleanup]
    public static Task StopAsync() => SiloProcessesFixture.StopAsync();
}
