using Drizzle.EndToEnd.Limits;

namespace Drizzle.EndToEnd.Orleans;

[TestClass]
public sealed class OrleansOwnerOutageTests() : OwnerOutageTests(silos: 1);
