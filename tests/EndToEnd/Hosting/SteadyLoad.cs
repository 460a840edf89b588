using System.Collections.Concurrent;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>
/// Requests to every edge, one after another without end, while things happen to the processes. Whoever ends an edge says so before; what
/// was in flight on it then may fail, and nothing else.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<RoleProcess, bool> _down = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _loops;
    private long _passed;

    /// <param name="edges">Asked each for itself.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="key">With which key.</param>
    public SteadyLoad(IReadOnlyList<RoleProcess> edges, string path, string? key) =>
        _loops = Task.WhenAll(edges.SelectMany(edge => Enumerable.Range(0, 2).Select(_ => Task.Run(() => AskAsync(edge, path, key)))));

    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Does something to an edge during which, and until it serves again, its requests may fail.</summary>
    public async Task WhileDownAsync(RoleProcess edge, Func<Task> work)
    {
        _down[edge] = true;
        await work();
        _down[edge] = false;
    }

    /// <summary>Ends it and fails the test where a request failed that had no reason to.</summary>
    public async Task ExpectNoneFailedAsync()
    {
        await _ending.CancelAsync();
        await _loops;
        Assert.IsEmpty(_failures, string.Join('\n', _failures.Take(20)));
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loops;
        _ending.Dispose();
    }

    private async Task AskAsync(RoleProcess edge, string path, string? key)
    {
        while (!_ending.IsCancellationRequested)
        {
            var wasDown = _down.GetValueOrDefault(edge);
            var status = await edge.StatusOfAsync(path, key);
            if (status == 200) Interlocked.Increment(ref _passed);
            else if (!wasDown && !_down.GetValueOrDefault(edge)) _failures.Enqueue($"{edge.Environment["Drizzle__Edge__Id"]} answered {status}");
        }
    }
}
