using Drizzle.Contracts.Routing;

namespace Drizzle.Contracts.Tests.Routing;

[TestClass]
public sealed class PathTemplateTests
{
    [TestMethod]
    public void A_template_is_text_and_names_in_turn()
    {
        var template = PathTemplate.Parse("/v2/{id}/x/{**}", out var error);
        Assert.IsNull(error);
        Assert.IsNotNull(template);
        TemplatePart[] expected = [new("/v2/", false), new("id", true), new("/x/", false), new("**", true)];
        CollectionAssert.AreEqual(expected, template.Parts.ToArray());
        CollectionAssert.AreEqual(new[] { "id", "**" }, template.Names.ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("v2")]
    [DataRow("{id}")]
    [DataRow("/a{")]
    [DataRow("/a{id")]
    [DataRow("/a}")]
    [DataRow("/a?b")]
    [DataRow("/a#b")]
    [DataRow("/a%2{id}")]
    [DataRow("/a%00")]
    [DataRow("/a b")]
    public void What_is_no_template_is_refused_with_a_sentence(string text)
    {
        Assert.IsNull(PathTemplate.Parse(text, out var error));
        Assert.IsFalse(string.IsNullOrEmpty(error));
    }
}
