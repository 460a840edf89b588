using Drizzle.Contracts.Routing;

namespace Drizzle.Contracts.Tests.Routing;

[TestClass]
public sealed class PathPatternTests
{
    [TestMethod]
    [DataRow("/", "E", "/")]
    [DataRow("/**", "R", "/**")]
    [DataRow("/a", "LE", "/a")]
    [DataRow("/a/", "LE", "/a")]
    [DataRow("/a/*", "LPE", "/a/*")]
    [DataRow("/a/{id}", "LPE", "/a/*")]
    [DataRow("/a/{id}/b/**", "LPLR", "/a/*/b/**")]
    [DataRow("/{a}/{b}", "PPE", "/*/*")]
    [DataRow("/%41%c3%a9", "LE", "/A%C3%A9")]
    [DataRow("/caf\u00e9", "LE", "/caf%C3%A9")]
    [DataRow("/a b", "LE", "/a%20b")]
    [DataRow("/a%2fb", "LE", "/a%2Fb")]
    [DataRow("/%2a", "LE", "/%2A")]
    [DataRow("/.well-known/x", "LLE", "/.well-known/x")]
    public void A_pattern_has_a_shape_and_a_key(string text, string shape, string key)
    {
        var pattern = PathPattern.Parse(text, out var error);
        Assert.IsNull(error);
        Assert.IsNotNull(pattern);
        Assert.AreEqual(shape, pattern.Shape);
        Assert.AreEqual(key, pattern.Key);
        Assert.AreEqual(text, pattern.Text);
    }

    [TestMethod]
    public void Shapes_order_the_more_specific_pattern_first()
    {
        string[] expected = ["/a", "/a/b", "/a/{x}", "/a/**", "/{x}", "/{x}/b", "/**"];
        var sorted = expected.Reverse().Select(Parsed).OrderBy(p => p.Shape, StringComparer.Ordinal).Select(p => p.Text).ToArray();
        CollectionAssert.AreEqual(expected, sorted);
    }

    [TestMethod]
    public void Parameters_know_their_names()
    {
        var pattern = Parsed("/a/{id}/*/**");
        PatternSegment[] expected = [new(SegmentKind.Literal, "a"), new(SegmentKind.Any, "id"), new(SegmentKind.Any, null), new(SegmentKind.Rest, null)];
        CollectionAssert.AreEqual(expected, pattern.Segments.ToArray());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("a")]
    [DataRow("**")]
    [DataRow("//")]
    [DataRow("/a//b")]
    [DataRow("/a//")]
    [DataRow("/**/a")]
    [DataRow("/a*")]
    [DataRow("/*a")]
    [DataRow("/***")]
    [DataRow("/.")]
    [DataRow("/a/../b")]
    [DataRow("/a/%2e%2e/b")]
    [DataRow("/{}")]
    [DataRow("/{a")]
    [DataRow("/a}")]
    [DataRow("/{")]
    [DataRow("/{a b}")]
    [DataRow("/{a}b")]
    [DataRow("/{a}/{a}")]
    [DataRow("/{**}")]
    [DataRow("/a?b=c")]
    [DataRow("/a#b")]
    [DataRow("/a%")]
    [DataRow("/a%00")]
    [DataRow("/a%zz")]
    public void What_is_no_pattern_is_refused_with_a_sentence(string text)
    {
        Assert.IsNull(PathPattern.Parse(text, out var error));
        Assert.IsFalse(string.IsNullOrEmpty(error));
    }

    [TestMethod]
    public void A_pattern_is_bounded_in_length_and_segments()
    {
        Assert.IsNotNull(PathPattern.Parse(string.Concat(Enumerable.Repeat("/a", 64)), out _));
        Assert.IsNull(PathPattern.Parse(string.Concat(Enumerable.Repeat("/a", 65)), out _));
        Assert.IsNotNull(PathPattern.Parse("/" + new string('a', 2047), out _));
        Assert.IsNull(PathPattern.Parse("/" + new string('a', 2048), out _));
    }

    private static PathPattern Parsed(string text)
    {
        var pattern = PathPattern.Parse(text, out var error);
        Assert.IsNotNull(pattern, error);
        return pattern;
    }
}
