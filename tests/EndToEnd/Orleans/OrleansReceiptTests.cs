namespace Drizzle.EndToEnd.Orleans;

[TestClass]
public sealed class OrleansReceiptTests() : ReceiptTests(silos: 2);
