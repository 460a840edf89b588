using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Tests.Reading;

[TestClass]
public sealed class EnvironmentTests
{
    [TestMethod]
    [DataRow("${A}", "one")]
    [DataRow("'${A}'", "one")]
    [DataRow("\"${A}\"", "one")]
    [DataRow("x-${A}-${B_2}", "x-one-two")]
    [DataRow("${A}${A}", "oneone")]
    [DataRow("$A", "$A")]
    [DataRow("${}", "${}")]
    [DataRow("${1}", "${1}")]
    [DataRow("${A", "${A")]
    [DataRow("'$${A}'", "${A}")]
    [DataRow("'$$${A}'", "$${A}")]
    [DataRow("'$${A} ${A}'", "${A} one")]
    [DataRow("'$$'", "$$")]
    public void References_are_replaced_and_escaped_ones_stand_for_themselves(string written, string read)
    {
        var (tenant, errors) = Texts.Bind<Tenant>($"slug: a\nname: {written}", ("A", "one"), ("B_2", "two"));
        Assert.IsEmpty(errors);
        Assert.AreEqual(read, tenant?.Name);
    }

    [TestMethod]
    public void Every_missing_name_is_reported_with_its_line()
    {
        var (tenant, errors) = Texts.Bind<Tenant>("slug: a\nname: ${ONE}\nhosts:\n  - x\n  - ${TWO}.test\n");
        Assert.IsNull(tenant);
        CollectionAssert.AreEqual(new[] { "line 2: ${ONE} is not set in the environment.", "line 5: ${TWO} is not set in the environment." }, errors.Select(e => e.ToString()).ToArray());
    }

    [TestMethod]
    public void Missing_names_are_bounded()
    {
        var (_, errors) = Texts.Bind<Tenant>("slug: " + string.Concat(Enumerable.Repeat("${A}", 5_000)));
        Assert.IsLessThanOrEqualTo(ReadLimits.Errors, errors.Count);
        Assert.IsNotEmpty(errors);
    }

    [TestMethod]
    [DataRow("x\nname: evil")]
    [DataRow("[a, b]")]
    [DataRow("{ slug: evil }")]
    [DataRow("\", name: \"evil")]
    [DataRow("x # comment")]
    [DataRow("*anchor")]
    [DataRow("&a b")]
    [DataRow("!!int 3")]
    [DataRow("${B}")]
    [DataRow("$${B}")]
    [DataRow("x\n---\ny")]
    public void A_value_from_the_environment_is_never_structure(string value)
    {
        foreach (var written in new[] { "${A}", "'${A}'", "\"${A}\"" })
        {
            var (tenant, errors) = Texts.Bind<Tenant>($"slug: a\nname: {written}\nhosts:\n  - {written}", ("A", value), ("B", "b"));
            Assert.IsEmpty(errors);
            Assert.AreEqual(new Tenant { Slug = "a", Name = value, Hosts = [value] }, tenant);
        }
    }

    [TestMethod]
    public void Numbers_and_truth_values_may_come_from_the_environment()
    {
        var (route, errors) = Texts.Bind<Route>("name: r\nservice: s\nmatch: {}\npriority: ${P}\nforwardKey: ${F}", ("P", "7"), ("F", "true"));
        Assert.IsEmpty(errors);
        Assert.AreEqual(7, route?.Priority);
        Assert.IsTrue(route?.ForwardKey);
    }
}
