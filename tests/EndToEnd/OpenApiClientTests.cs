using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

/// <summary>The description is complete enough to generate a typed client from: one is generated, compiled strictly, and used.</summary>
[TestClass]
public sealed class OpenApiClientTests
{
    [TestMethod]
    public async Task A_client_generated_from_the_description_compiles_and_works()
    {
        await using var drizzle = await DrizzleProcess.UpAsync();
        using var folder = new TestFolder();
        var client = Directory.CreateDirectory(folder.File("client")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests/EndToEnd/client"))) File.Copy(file, Path.Combine(client, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(client, "openapi.json"), await drizzle.AdminTextAsync("/openapi.json"));

        await ShellAsync("npm ci --no-audit --no-fund");
        await ShellAsync("npx --no-install openapi-typescript openapi.json -o api.ts");
        await ShellAsync("npx --no-install tsc");
        await ShellAsync($"node out/use.js {drizzle.Environment["DRIZZLE_ADMIN"]} {drizzle.Token}");

        async Task ShellAsync(string line) => (await ProgramRun.OfAsync("bash", ["-c", $"cd \"$0\" && {line}", client])).Ended(0);
    }
}
