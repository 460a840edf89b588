namespace Drizzle.EndToEnd.Limits;

[TestClass]
public sealed class PostgresOwnerOutageTests() : OwnerOutageTests(silos: 0);
