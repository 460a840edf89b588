using System.Security.Cryptography;
using Drizzle.EndToEnd.Hosting;
using Drizzle.Testing;

namespace Drizzle.EndToEnd;

[TestClass]
public sealed class CrashTests
{
    private const int Rounds = 3;

    // What is known to be so after an acknowledged change.
    private readonly SortedDictionary<int, bool> _routes = [];
    private int _written;
    private int _unsure = -1;

    [TestMethod]
    public async Task A_killed_process_keeps_every_change_that_it_acknowledged()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var drizzle = await DrizzleProcess.UpAsync();
        await drizzle.ApplyAsync(Configurations.Acme(upstream.Url));
        var key = await drizzle.CreateKeyAsync("acme", "mobile");

        for (var round = 0; round < Rounds; round++)
        {
            var killAt = _written + RandomNumberGenerator.GetInt32(5, 50);
            using var isEnding = new CancellationTokenSource();
            var writing = WriteAsync(drizzle, isEnding.Token);
            var requests = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RequestAsync(drizzle, key, isEnding.Token)));
            await Eventually.TrueAsync($"{killAt} changes are acknowledged", () => writing.IsCompleted || requests.IsCompleted || Volatile.Read(ref _written) >= killAt);
            await isEnding.CancelAsync();
            await drizzle.KillAsync();
            await writing;
            await requests;

            await drizzle.StartAsync();
            await ExpectAllAsync(drizzle, key, $"round {round}, killed after {killAt} changes");
        }
    }

    /// <summary>Adds routes one by one, and takes one of three away again, until the other side is gone.</summary>
    private async Task WriteAsync(DrizzleProcess drizzle, CancellationToken ending)
    {
        while (true)
        {
            var number = _written + 1;
            var (route, isAdded) = number % 3 == 0 ? (number - 2, false) : (number, true);
            _unsure = route;
            try
            {
                var answer = isAdded
                    ? await drizzle.Api.PutAsync($"/v1/tenants/acme/routes/r{route}", $$"""{"name":"r{{route}}","service":"orders","auth":["none"],"match":{"paths":["/r{{route}}"]} }""")
                    : await drizzle.Api.SendAsync("DELETE", $"/v1/tenants/acme/routes/r{route}");
                // What was not acknowledged may be tried again, and a deletion may have happened before the kill.
                Assert.IsTrue(answer.Status == 200 || (!isAdded && answer.Status == 404), $"{answer.Status} {answer.Body}");
            }
            catch (HttpRequestException) when (ending.IsCancellationRequested)
            {
                return;
            }
            _routes[route] = isAdded;
            _unsure = -1;
            Volatile.Write(ref _written, number);
        }
    }

    private static async Task RequestAsync(DrizzleProcess drizzle, string key, CancellationToken ending)
    {
        try
        {
            while (!ending.IsCancellationRequested) Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/orders/1", key));
        }
        catch (HttpRequestException) when (ending.IsCancellationRequested)
        {
            // It was killed.
        }
    }

    private async Task ExpectAllAsync(DrizzleProcess drizzle, string key, string when)
    {
        var stored = (await drizzle.Api.GetAsync("/v1/tenants/acme/routes")).IsDone().Body.EnumerateArray().Select(r => r.GetProperty("name").GetString()).ToHashSet();
        Assert.AreEqual(200, await drizzle.StatusOfAsync("/acme/orders/1", key));
        foreach (var (route, isThere) in _routes.Where(r => r.Key != _unsure))
        {
            Assert.AreEqual(isThere, stored.Contains($"r{route}"), $"r{route} is stored, {when}");
            Assert.AreEqual(isThere ? 200 : 404, await drizzle.StatusOfAsync($"/acme/r{route}"), $"r{route} is in force, {when}");
        }
    }
}
