namespace Drizzle.Conformance.Postgres;

[TestClass]
public sealed class PostgresConfigStoreTests() : ConfigStoreTests(new PostgresFixture());

[TestClass]
public sealed class PostgresHostOwnershipTests() : HostOwnershipTests(new PostgresFixture());

[TestClass]
public sealed class PostgresRevisionHistoryTests() : RevisionHistoryTests(new PostgresFixture());

[TestClass]
public sealed class PostgresConfigFeedTests() : ConfigFeedTests(new PostgresFixture());

[TestClass]
public sealed class PostgresEdgeRegistryTests() : EdgeRegistryTests(new PostgresFixture());

[TestClass]
public sealed class PostgresEdgeReportTests() : EdgeReportTests(new PostgresFixture());

[TestClass]
public sealed class PostgresAccessTokenTests() : AccessTokenTests(new PostgresFixture());

[TestClass]
public sealed class PostgresUserTests() : UserTests(new PostgresFixture());

[TestClass]
public sealed class PostgresServerOfAll
{
    [AssemblyCleanup]
    public static Task StopAsync() => PostgresFixture.StopAsync();
}

[TestClass]
public sealed class PostgresQuotaLedgerTests() : QuotaLedgerTests(new PostgresFixture());

[TestClass]
public sealed class PostgresUsageLedgerTests() : UsageLedgerTests(new PostgresFixture());

[TestClass]
public sealed class PostgresTrafficTests() : TrafficTests(new PostgresFixture());

[TestClass]
public sealed class PostgresLeaseOwnerTests() : LeaseOwnerTests(new PostgresFixture());

[TestClass]
public sealed class PostgresLeaseArithmeticTests() : LeaseArithmeticTests(new PostgresFixture());
