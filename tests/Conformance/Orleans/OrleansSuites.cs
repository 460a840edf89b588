namespace Drizzle.Conformance.Orleans;

[TestClass]
public sealed class OrleansConfigStoreTests() : ConfigStoreTests(new OrleansFixture());

[TestClass]
public sealed class OrleansHostOwnershipTests() : HostOwnershipTests(new OrleansFixture());

[TestClass]
public sealed class OrleansRevisionHistoryTests() : RevisionHistoryTests(new OrleansFixture());

[TestClass]
public sealed class OrleansConfigFeedTests() : ConfigFeedTests(new OrleansFixture());

[TestClass]
public sealed class OrleansEdgeRegistryTests() : EdgeRegistryTests(new OrleansFixture());

[TestClass]
public sealed class OrleansEdgeReportTests() : EdgeReportTests(new OrleansFixture());

[TestClass]
public sealed class OrleansAccessTokenTests() : AccessTokenTests(new OrleansFixture());

[TestClass]
public sealed class OrleansUserTests() : UserTests(new OrleansFixture());

[TestClass]
public sealed class OrleansQuotaLedgerTests() : QuotaLedgerTests(new OrleansFixture());

[TestClass]
public sealed class OrleansUsageLedgerTests() : UsageLedgerTests(new OrleansFixture());

[TestClass]
public sealed class OrleansTrafficTests() : TrafficTests(new OrleansFixture());

[TestClass]
public sealed class OrleansLeaseOwnerTests() : LeaseOwnerTests(new OrleansFixture());

[TestClass]
public sealed class OrleansLeaseArithmeticTests() : LeaseArithmeticTests(new OrleansFixture());

[TestClass]
public sealed class LocalOrleansConfigStoreTests() : ConfigStoreTests(new OrleansFixture(isLocal: true));

[TestClass]
public sealed class LocalOrleansConfigFeedTests() : ConfigFeedTests(new OrleansFixture(isLocal: true));

[TestClass]
public sealed class LocalOrleansEdgeRegistryTests() : EdgeRegistryTests(new OrleansFixture(isLocal: true));

[TestClass]
public sealed class LocalOrleansEdgeReportTests() : EdgeReportTests(new OrleansFixture(isLocal: true));

[TestClass]
public sealed class LocalOrleansLeaseOwnerTests() : LeaseOwnerTests(new OrleansFixture(isLocal: true));

[TestClass]
public sealed class LocalOrleansLeaseArithmeticTests() : LeaseArithmeticTests(new OrleansFixture(isLocal: true));
