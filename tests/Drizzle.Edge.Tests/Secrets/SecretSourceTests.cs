using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;
using Drizzle.Edge.Secrets;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Secrets;

[TestClass]
public sealed class SecretSourceTests
{
    private readonly FakeClock _clock = new();

    [TestMethod]
    public void A_variable_that_is_not_set_is_named_with_the_place()
    {
        var source = new SecretSource(name => name == "SET" ? "hunter2" : null, null, _clock);
        Assert.AreEqual("hunter2", source.Resolve(new Secret { FromEnv = "SET" }, "acme/a").Text);
        var e = Assert.Throws<InvalidOperationException>(() => source.Resolve(new Secret { FromEnv = "UNSET" }, "acme/a"));
        Assert.Contains("acme/a", e.Message);
        Assert.Contains("UNSET", e.Message);
        Assert.DoesNotContain("hunter2", $"{source.Resolve(new Secret { FromEnv = "SET" }, "acme/a")}");
    }

    [TestMethod]
    public void What_is_stored_wants_the_key_it_was_sealed_with()
    {
        var key = Convert.ToBase64String(new byte[32]);
        var closed = new Secret { Sealed = MasterKeys.Parse(key)?.Seal("hunter2", "acme/a") };
        Assert.AreEqual("hunter2", new SecretSource(_ => null, MasterKeys.Parse(key), _clock).Resolve(closed, "acme/a").Text);
        Assert.Throws<InvalidOperationException>(() => new SecretSource(_ => null, null, _clock).Resolve(closed, "acme/a"));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => new SecretSource(_ => null, MasterKeys.Parse(key), _clock).Resolve(closed, "other/a"));
    }

    [TestMethod]
    public async Task A_file_is_read_again_when_it_has_changed_and_kept_when_it_is_gone()
    {
        using var folder = new TestFolder();
        var file = folder.File("secret");
        await File.WriteAllTextAsync(file, "first\n", CancellationToken.None);
        var secret = new SecretSource(_ => null, null, _clock).Resolve(new Secret { FromFile = file }, "acme/a");
        Assert.AreEqual("first", secret.Text);
        await File.WriteAllTextAsync(file, "second\n", CancellationToken.None);
        Assert.AreEqual("first", secret.Text, "it is not looked at for every request");
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.TrueAsync(() => secret.Text == "second", "the file is read again");
        File.Delete(file);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.AreEqual("second", secret.Text);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.AreEqual("second", secret.Text);
    }

    [TestMethod]
    public async Task A_link_is_followed_to_where_it_leads_now()
    {
        using var folder = new TestFolder();
        foreach (var version in (string[])["1", "2"])
        {
            Directory.CreateDirectory(folder.File(version));
            await File.WriteAllTextAsync(Path.Combine(folder.File(version), "token"), $"version {version}", CancellationToken.None);
        }
        // As Kubernetes mounts it: the file is a link through a link to a folder, and the latter is swapped.
        Directory.CreateSymbolicLink(folder.File("data"), folder.File("1"));
        File.CreateSymbolicLink(folder.File("token"), Path.Combine(folder.File("data"), "token"));
        var secret = new SecretSource(_ => null, null, _clock).Resolve(new Secret { FromFile = folder.File("token") }, "acme/a");
        Assert.AreEqual("version 1", secret.Text);
        Directory.CreateSymbolicLink(folder.File("next"), folder.File("2"));
        Directory.Delete(folder.File("data"));
        Directory.Move(folder.File("next"), folder.File("data"));
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.TrueAsync(() => secret.Text == "version 2", "the link is followed anew");
    }

    [TestMethod]
    public void A_file_that_is_no_secret_is_refused()
    {
        using var folder = new TestFolder();
        var source = new SecretSource(_ => null, null, _clock);
        File.WriteAllText(folder.File("empty"), "");
        File.WriteAllText(folder.File("blank"), "\nsecond line");
        File.WriteAllText(folder.File("controls"), "a\u0001b");
        File.WriteAllText(folder.File("large"), new string('a', 70_000));
        foreach (var file in (string[])[folder.File("missing"), folder.File("empty"), folder.File("blank"), folder.File("controls"), folder.File("large"), "/dev/zero"])
        {
            Assert.Throws<IOException>(() => source.Resolve(new Secret { FromFile = file }, "acme/a"), file);
        }
    }
}
