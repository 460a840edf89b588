using System.Security.Cryptography;
using Drizzle.Contracts.Secrets;

namespace Drizzle.Contracts.Tests.Secrets;

[TestClass]
public sealed class MasterKeysTests
{
    private static readonly string First = Key(1);
    private static readonly string Second = Key(2);

    [TestMethod]
    public void What_was_sealed_opens_at_its_place_alone()
    {
        var keys = Keys(First);
        var closed = keys.Seal("hunter2 ✓", "acme/a");
        Assert.AreEqual("hunter2 ✓", keys.Open(closed, "acme/a"));
        Assert.DoesNotContain("hunter2", closed);
        Assert.Throws<CryptographicException>(() => keys.Open(closed, "acme/b"));
        Assert.IsTrue(keys.Holds(closed, "acme/a", "hunter2 ✓"));
        Assert.IsFalse(keys.Holds(closed, "acme/a", "hunter3 ✓"));
        Assert.IsFalse(keys.Holds(closed, "acme/b", "hunter2 ✓"));
    }

    [TestMethod]
    public void No_two_sealings_are_alike()
    {
        var keys = Keys(First);
        Assert.AreNotEqual(keys.Seal("same", "acme/a"), keys.Seal("same", "acme/a"));
    }

    [TestMethod]
    public void Whatever_is_tampered_with_does_not_open()
    {
        var keys = Keys(First);
        var closed = keys.Seal("hunter2", "acme/a");
        var start = closed.LastIndexOf('.') + 1;
        for (var i = start; i < closed.Length; i++)
        {
            var changed = closed[..i] + (closed[i] == 'A' ? 'B' : 'A') + closed[(i + 1)..];
            // The last letter of base64url may hold bits that mean nothing.
            if (i < closed.Length - 1) Assert.Throws<CryptographicException>(() => keys.Open(changed, "acme/a"), changed);
        }
        foreach (var text in (string[])["", "v1", "v1..", closed[..start], closed[..(start + 20)], "v2" + closed[2..]]) Assert.Throws<CryptographicException>(() => keys.Open(text, "acme/a"), text);
    }

    [TestMethod]
    public void An_older_key_still_opens_and_the_first_one_seals()
    {
        var closed = Keys(First).Seal("hunter2", "acme/a");
        var rotated = Keys($"{Second}, {First}");
        Assert.AreEqual("hunter2", rotated.Open(closed, "acme/a"));
        Assert.AreEqual("hunter2", Keys(Second).Open(rotated.Seal("hunter2", "acme/a"), "acme/a"));
        Assert.Contains("another key", Assert.Throws<CryptographicException>(() => Keys(Second).Open(closed, "acme/a")).Message);
    }

    [TestMethod]
    [DataRow("password")]
    [DataRow("c2hvcnQ=")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,")]
    [DataRow("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_key_is_refused_without_being_quoted(string text) => Assert.DoesNotContain(text, Assert.Throws<FormatException>(() => MasterKeys.Parse(text)).Message);

    [TestMethod]
    public void Nothing_stated_is_no_key()
    {
        Assert.IsNull(MasterKeys.Parse(null));
        Assert.IsNull(MasterKeys.Parse(" "));
    }

    private static MasterKeys Keys(string text) => MasterKeys.Parse(text) ?? throw new AssertFailedException("No keys.");

    private static string Key(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());
}
