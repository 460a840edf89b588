using System.Globalization;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>Writers without end while things happen to the processes: each raises a number, which it writes twice into a consumer of its own.</summary>
internal sealed class SteadyWrites : IAsyncDisposable
{
    private const int Writers = 8;

    private readonly CancellationTokenSource _ending = new();
    private readonly int[] _acknowledged = new int[Writers];
    private readonly Cluster _cluster;
    private readonly Task[] _loops;
    private int _passed;
    private int _refused;

    public SteadyWrites(Cluster cluster)
    {
        _cluster = cluster;
        _loops = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer)))];
    }

    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Waits until some more are acknowledged.</summary>
    public Task GoOnAsync()
    {
        var before = Volatile.Read(ref _passed);
        return Eventually.TrueAsync("writes go on", () => Array.Exists(_loops, loop => loop.IsFaulted) || Volatile.Read(ref _passed) > before + 20);
    }

    /// <summary>Ends it. What was acknowledged is there, or something newer; each write whole or not at all, and in the audit.</summary>
    public async Task ExpectKeptAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_loops);
        for (var writer = 0; writer < Writers; writer++)
        {
            var attributes = (await _cluster.Api.GetAsync($"/v1/tenants/acme/consumers/w{writer}")).IsDone().Body.GetProperty("attributes");
            Assert.AreEqual(attributes.GetProperty("a").GetString(), attributes.GetProperty("b").GetString());
            Assert.IsGreaterThanOrEqualTo(_acknowledged[writer], int.Parse(attributes.GetProperty("a").GetString() ?? "", CultureInfo.InvariantCulture));
        }
        Assert.AreEqual(0L, await PostgresServer.QueryAsync(_cluster.Database, "SELECT count(*) FROM drizzle.revisions r WHERE NOT EXISTS (SELECT 1 FROM drizzle.audit a WHERE a.revision = r.revision)"));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task WriteAsync(int writer)
    {
        for (var i = 1; !_ending.IsCancellationRequested; i++)
        {
            var answer = await _cluster.Api.PutAsync($"/v1/tenants/acme/consumers/w{writer}", $$"""{"name":"w{{writer}}","attributes":{"a":"{{i}}","b":"{{i}}"} }""");
            Interlocked.Increment(ref answer.Status == 200 ? ref _passed : ref _refused);
            if (answer.Status == 200) _acknowledged[writer] = i;
            Assert.IsTrue(answer.Status is 200 or 409 or 503, $"{answer.Status} {answer.Body}");
        }
    }
}
