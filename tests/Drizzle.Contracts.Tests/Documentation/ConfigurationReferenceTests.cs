using Drizzle.Testing;

namespace Drizzle.Contracts.Tests.Documentation;

[TestClass]
public sealed class ConfigurationReferenceTests
{
    [TestMethod]
    public void The_reference_says_what_the_model_says()
    {
        var file = Path.Combine(Repository.Root, "docs", "configuration.md");
        var made = ConfigurationReference.Write();
        if (Environment.GetEnvironmentVariable("DRIZZLE_WRITE_DOCS") is not null) File.WriteAllText(file, made);
        Assert.AreEqual(made, File.ReadAllText(file), "docs/configuration.md is behind the model: run DRIZZLE_WRITE_DOCS=1 ./drizzle test --filter ConfigurationReferenceTests");
    }

    [TestMethod]
    public void Every_field_has_a_comment()
    {
        var bare = ConfigurationReference.Write().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.EndsWith("|  |", StringComparison.Ordinal)).ToList();
        Assert.AreEqual("", string.Join('\n', bare));
    }
}
