using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Tests.Reading;

[TestClass]
public sealed class YamlReaderTests
{
    [TestMethod]
    public void Nodes_know_their_lines()
    {
        var node = Read("a:\n  - x\n  - b: y\n\n# comment\nc: [1,\n  2]\n");
        Assert.AreEqual(2, node.LineAt("a[0]"));
        Assert.AreEqual(3, node.LineAt("a[1]"));
        Assert.AreEqual(3, node.LineAt("a[1].b"));
        Assert.AreEqual(6, node.LineAt("c[0]"));
        Assert.AreEqual(7, node.LineAt("c[1]"));
        Assert.AreEqual(3, node.LineAt("a[1].absent.deeper"));
        Assert.AreEqual(6, node.LineAt("c[9]"));
        Assert.AreEqual(1, node.LineAt(""));
    }

    [TestMethod]
    public void An_alias_stands_for_its_anchor()
    {
        var (tenant, errors) = Texts.Bind<Tenant>("slug: a\nlimits: &all\n  - &one { name: l, rate: 1/s, burst: 1 }\nplans: [{ name: p, limits: *all }, { name: q, limits: [*one] }]");
        Assert.IsEmpty(errors);
        Assert.IsNotNull(tenant);
        Assert.AreEqual(1, tenant.Limits.Count);
        Assert.IsTrue(tenant.Plans[0].Limits == tenant.Limits);
        Assert.IsTrue(tenant.Plans[1].Limits == tenant.Limits);
    }

    [TestMethod]
    [DataRow("a: *nobody", 1)]
    [DataRow("a: 1\nb: &x [*x]", 2)]
    public void An_alias_without_an_anchor_before_it_is_refused(string yaml, int line) => Refused(yaml, line, "names no anchor");

    [TestMethod]
    public void An_alias_bomb_is_refused()
    {
        var yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Refused(yaml, null, $"more than {ReadLimits.Nodes} values");
    }

    [TestMethod]
    public void Nesting_is_bounded()
    {
        Assert.IsNotNull(Read(new string('[', ReadLimits.Depth) + "x" + new string(']', ReadLimits.Depth)));
        Refused(new string('[', ReadLimits.Depth + 1) + "x" + new string(']', ReadLimits.Depth + 1), 1, "nested deeper");
        Refused(new string('[', 100_000), 1, "nested deeper");
    }

    [TestMethod]
    public void A_document_is_bounded_in_length() => Refused(new string(' ', ReadLimits.Characters + 1), null, "characters");

    [TestMethod]
    [DataRow("a: 1\n---\nb: 2\n", 2, "one document per file")]
    [DataRow("a: 1\n\tb: 2\n", null, "Not valid YAML")]
    [DataRow("a:\n\tb: 1\n", null, "Not valid YAML")]
    [DataRow("a: \"\\UFFFFFFFF\"\n", 1, "Not valid YAML")]
    [DataRow("a: [1, 2\nb: 3\n", 1, "Not valid YAML")]
    [DataRow("a: 'open\n", 1, "Not valid YAML")]
    [DataRow("a: b: c\n", 1, "Not valid YAML")]
    [DataRow("{ [a]: b }", 1, "a key must be plain text")]
    [DataRow("a: 1\n  b: 2\n", 2, "Not valid YAML")]
    public void A_text_that_is_no_single_document_is_refused(string yaml, int? line, string message) => Refused(yaml, line, message);

    [TestMethod]
    public void One_document_may_have_its_marks() => Assert.AreEqual("1", Text(Read("---\na: 1\n...\n"), "a"));

    private static ConfigNode Read(string yaml)
    {
        var errors = new List<ConfigError>();
        var node = YamlReader.Read(yaml, Texts.NoEnvironment, errors);
        Assert.IsNotNull(node, string.Join("; ", errors));
        return node;
    }

    private static void Refused(string yaml, int? line, string message)
    {
        var errors = new List<ConfigError>();
        Assert.IsNull(YamlReader.Read(yaml, Texts.NoEnvironment, errors));
        Assert.HasCount(1, errors);
        StringAssert.Contains(errors[0].Message, message, StringComparison.Ordinal);
        if (line is not null) Assert.AreEqual(line, errors[0].Line);
    }

    private static string? Text(ConfigNode node, string key) =>
        ((node as ConfigMap)?.Entries.FirstOrDefault(e => e.Key == key)?.Value as ConfigScalar)?.Text;
}
