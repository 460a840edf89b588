using Drizzle.Contracts.Routing;

namespace Drizzle.Contracts.Tests.Routing;

[TestClass]
public sealed class NormalPathTests
{
    [TestMethod]
    [DataRow("/", "/")]
    [DataRow("/a/b", "/a/b")]
    [DataRow("/a/b/", "/a/b/")]
    [DataRow("//", "/")]
    [DataRow("/a//b///c", "/a/b/c")]
    [DataRow("/a//", "/a/")]
    [DataRow("/.", "/")]
    [DataRow("/..", "/")]
    [DataRow("/./a", "/a")]
    [DataRow("/a/.", "/a/")]
    [DataRow("/a/..", "/")]
    [DataRow("/a/b/..", "/a/")]
    [DataRow("/a/./b", "/a/b")]
    [DataRow("/a/../b", "/b")]
    [DataRow("/a/b/../../c", "/c")]
    [DataRow("/../../etc/passwd", "/etc/passwd")]
    [DataRow("/a//../b", "/b")]
    [DataRow("/a/%2e%2e/b", "/b")]
    [DataRow("/a/%2E%2e/b", "/b")]
    [DataRow("/a/.%2e/b", "/b")]
    [DataRow("/a/%2e/b", "/a/b")]
    [DataRow("/a/%2e%2e", "/")]
    [DataRow("/.well-known/x", "/.well-known/x")]
    [DataRow("/a/...", "/a/...")]
    [DataRow("/a/..b", "/a/..b")]
    [DataRow("/a./b", "/a./b")]
    [DataRow("/a../b", "/a../b")]
    [DataRow("/%41%7e%2d", "/A~-")]
    [DataRow("/%c3%a9", "/%C3%A9")]
    [DataRow("/a%20b", "/a%20b")]
    [DataRow("/a%3fb%23c", "/a%3Fb%23c")]
    [DataRow("/%2a%7b", "/%2A%7B")]
    [DataRow("/[a]{b}|^`\"<>", "/%5Ba%5D%7Bb%7D%7C%5E%60%22%3C%3E")]
    [DataRow("/a;v=1,2:@$&'()*+!=", "/a;v=1,2:@$&'()*+!=")]
    public void Paths_have_one_form(string raw, string expected)
    {
        Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(raw, out var normal, out var isAmbiguous));
        Assert.AreEqual(expected, normal);
        Assert.IsFalse(isAmbiguous);
    }

    [TestMethod]
    [DataRow("/a%2fb", "/a%2Fb")]
    [DataRow("/a%5cb", "/a%5Cb")]
    [DataRow("/a\\b", "/a%5Cb")]
    [DataRow("/a/..;/b", "/a/..;/b")]
    [DataRow("/a..;b", "/a..;b")]
    [DataRow("/a/%2e%2e;/b", "/a/..;/b")]
    [DataRow("/a/..%2fb", "/a/..%2Fb")]
    [DataRow("/a/..%3Bx/b", "/a/..%3Bx/b")]
    [DataRow("/a/%2e.%3bx/b", "/a/..%3Bx/b")]
    public void What_upstreams_disagree_on_is_marked_ambiguous_and_kept(string raw, string expected)
    {
        Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(raw, out var normal, out var isAmbiguous));
        Assert.AreEqual(expected, normal);
        Assert.IsTrue(isAmbiguous);
    }

    [TestMethod]
    [DataRow("/%252e%252e/a", "/%252e%252e/a")]
    [DataRow("/a%252fb", "/a%252fb")]
    [DataRow("/%2541", "/%2541")]
    public void A_double_encoding_is_decoded_by_nobody(string raw, string expected)
    {
        Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(raw, out var normal, out var isAmbiguous));
        Assert.AreEqual(expected, normal);
        Assert.IsFalse(isAmbiguous);
    }

    [TestMethod]
    [DataRow("", PathVerdict.Malformed)]
    [DataRow("*", PathVerdict.Malformed)]
    [DataRow("a/b", PathVerdict.Malformed)]
    [DataRow("/a%", PathVerdict.Malformed)]
    [DataRow("/a%2", PathVerdict.Malformed)]
    [DataRow("/a%zz", PathVerdict.Malformed)]
    [DataRow("/a%u0041", PathVerdict.Malformed)]
    [DataRow("/a b", PathVerdict.Malformed)]
    [DataRow("/a?b", PathVerdict.Malformed)]
    [DataRow("/a#b", PathVerdict.Malformed)]
    [DataRow("/caf\u00e9", PathVerdict.Malformed)]
    [DataRow("/a\u0000", PathVerdict.Malformed)]
    [DataRow("/a\u2215b", PathVerdict.Malformed)]
    [DataRow("/a%c0%af", PathVerdict.Malformed)]
    [DataRow("/a%C1%81", PathVerdict.Malformed)]
    [DataRow("/a%f5%80%80%80", PathVerdict.Malformed)]
    [DataRow("/a%FF", PathVerdict.Malformed)]
    [DataRow("/a%00", PathVerdict.Control)]
    [DataRow("/a%0d%0ab", PathVerdict.Control)]
    [DataRow("/a%7f", PathVerdict.Control)]
    public void Bad_paths_are_refused_with_their_reason(string raw, PathVerdict verdict)
    {
        Assert.AreEqual(verdict, NormalPath.TryNormalize(raw, out var normal, out _));
        Assert.AreEqual("", normal);
    }

    [TestMethod]
    [DataRow("/a")]
    [DataRow("/%41")]
    public void A_path_has_at_most_256_segments(string segment)
    {
        Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(string.Concat(Enumerable.Repeat(segment, 256)), out _, out _));
        Assert.AreEqual(PathVerdict.TooDeep, NormalPath.TryNormalize(string.Concat(Enumerable.Repeat(segment, 257)), out _, out _));
    }

    [TestMethod]
    public void An_ordinary_path_is_returned_itself()
    {
        var raw = string.Concat("/orders/", "17");
        NormalPath.TryNormalize(raw, out var normal, out _);
        Assert.AreSame(raw, normal);
    }

    [TestMethod]
    public void A_normal_path_normalises_to_itself_and_holds_no_dot_segment_nor_empty_one()
    {
        string[] pieces = ["/", "/", "/", ".", "..", "a", "B", ";", "%2e", "%2E", "%2f", "%5c", "\\", "%25", "%41", "%c3%a9", "*", "[", "%3b", "~"];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var raw = "/" + string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(raw, out var normal, out var isAmbiguous), raw);
            Assert.AreEqual(PathVerdict.Ok, NormalPath.TryNormalize(normal, out var again, out var isAgainAmbiguous), raw);
            Assert.AreEqual(normal, again, raw);
            Assert.AreEqual(isAmbiguous, isAgainAmbiguous, raw);
            Assert.IsTrue(normal.StartsWith('/'), raw);
            Assert.IsFalse(normal.Contains("//", StringComparison.Ordinal), raw);
            Assert.IsFalse(normal.Split('/').Any(s => s is "." or ".."), $"{raw} became {normal}");
        }
    }
}
