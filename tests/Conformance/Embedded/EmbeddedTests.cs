namespace Drizzle.Conformance.Embedded;

[TestClass]
public sealed class EmbeddedConfigStoreTests() : ConfigStoreTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedHostOwnershipTests() : HostOwnershipTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedRevisionHistoryTests() : RevisionHistoryTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedConfigFeedTests() : ConfigFeedTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedEdgeRegistryTests() : EdgeRegistryTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedEdgeReportTests() : EdgeReportTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedBucketOwnerTests() : BucketOwnerTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedAccessTokenTests() : AccessTokenTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedUserTests() : UserTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedQuotaLedgerTests() : QuotaLedgerTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedUsageLedgerTests() : UsageLedgerTests(new EmbeddedFixture());

[TestClass]
public sealed class EmbeddedTrafficTests() : TrafficTests(new EmbeddedFixture());
