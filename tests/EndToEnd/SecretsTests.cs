using System.Text;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class SecretsTests
{
    [TestMethod]
    public async Task Keys_and_tokens_are_seen_once_and_nowhere_again()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = DrizzleProcess.Prepare();
        var accessLog = drizzle.Environment["Drizzle__Edge__AccessLog"] = drizzle.File("access.log");
        await drizzle.StartAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        var key = await drizzle.CreateKeyAsync("acme", "mobile");
        var token = (await drizzle.RunAsync("create", "token", "ci", "-o", "json")).Ended(0).Json.GetProperty("token").GetString() ?? "";
        var root = drizzle.Token;

        Assert.AreEqual(200, await drizzle.StatusOfAsync($"/acme/orders/1?key={key}", key));
        Assert.AreEqual(404, await drizzle.StatusOfAsync("/acme/nowhere", key));
        Assert.AreEqual(1, (await drizzle.RunAsync("create", "tenant", "acme", "--token", token)).Code);
        await Eventually.TrueAsync("both requests are logged", async () => (await ReadAsync(accessLog)).Split('\n').Length >= 3);

        var said = drizzle.Program.Out + drizzle.Program.Error;
        Assert.HasCount(2, said.Split(root), "The root token is shown once.");
        var seen = new StringBuilder(said.Replace(root, "", StringComparison.Ordinal)).Append(await ReadAsync(accessLog)).Append(await ReadAsync($"/proc/{drizzle.Program.Id}/cmdline"));
        seen.Append((await drizzle.RunAsync("export")).Ended(0).Out);
        foreach (var path in (string[])["/v1/tenants", "/v1/tenants/acme", "/v1/tenants/acme/keys", "/v1/tenants/acme/consumers", "/v1/tokens", "/v1/revisions", "/v1/edges"])
        {
            seen.Append((await drizzle.Api.GetAsync(path)).IsDone().Body);
        }
        seen.Append(await drizzle.Operations.GetStringAsync("/metrics")).Append(await drizzle.Operations.GetStringAsync("/status"));
        foreach (var file in Directory.EnumerateFiles(drizzle.Data, "drizzle.db*")) seen.Append(await ReadAsync(file));
        // Beyond the prefix a key is secret.
        foreach (var secret in (string[])[key[13..], token, root]) Assert.DoesNotContain(secret, seen.ToString());
        Assert.Contains("/acme/orders/1", seen.ToString());
    }

    [TestMethod]
    public async Task A_second_start_shows_no_token_and_the_first_one_still_works()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        var token = drizzle.Token;
        await drizzle.Program.TerminateAsync();
        await drizzle.Program.ExitAsync();

        await drizzle.StartAsync();

        Assert.DoesNotContain("oken", drizzle.Program.Out);
        Assert.AreEqual(token, drizzle.Token);
        (await drizzle.RunAsync("get", "tenants")).Ended(0);
    }

    [TestMethod]
    public async Task Every_file_in_the_data_folder_is_the_owners_alone()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme("http://127.0.0.1:9"));

        var files = Directory.EnumerateFiles(drizzle.Data).Select(f => Path.GetFileName(f)).ToList();

        foreach (var name in (string[])["drizzle.db", "drizzle.db-wal", "drizzle.db-shm", "drizzle.lock", "root.token"]) Assert.Contains(name, files);
        foreach (var name in files)
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(drizzle.Data, name)), name);
        }
    }

    private static async Task<string> ReadAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await new StreamReader(file, Encoding.Latin1).ReadToEndAsync();
    }
}
