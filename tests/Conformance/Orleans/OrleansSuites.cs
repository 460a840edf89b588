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
public sealed class OrleansAccessTokenTests() : AccessTokenTests(new OrleansFixture());

[TestClass]
public sealed class OrleansUserTests() : UserTests(new OrleansFixture());

[TestClass]
public sealed class OrleansQuotaLedgerTests() : QuotaLedgerTests(new OrleansFixture());

[TestClass]
public sealed class OrleansUsageLedgerTests() : UsageLedgerTests(new OrleansFixture());

[TestClass]
public sealed class OrleansTrafficTests() : TrafficTests(new OrleansFixture());
