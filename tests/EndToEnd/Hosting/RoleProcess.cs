using System.Text.Json;

namespace Drizzle.EndToEnd.Hosting;

/// <summary><c>drizzle admin</c>, <c>drizzle edge</c> or <c>drizzle silo</c>, which may be killed and started again on the same ports.</summary>
internal sealed class RoleProcess(string role, IReadOnlyDictionary<string, string> environment, int port, int operations) : IAsyncDisposable
{
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.Patience };
    private readonly HttpClient _operations = new() { BaseAddress = new Uri($"http://127.0.0.1:{operations}"), Timeout = Eventually.Patience };

    // The first silo after all were killed waits until their rows are stale.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public IReadOnlyDictionary<string, string> Environment => environment;

    public int Port => port;

    public StartedProgram Program { get; private set; } = null!;

    /// <summary>Starts it and does not wait.</summary>
    public async Task StartAsync() => Program = await StartedProgram.StartAsync(BuiltProgram.Path, [role], environment);

    public Task ReadyAsync() => Eventually.TrueAsync($"{role} is ready", async () =>
    {
        Assert.IsFalse(Program.HasExited, $"{Program.Out}\n{Program.Error}");
        return await StatusAsync(_operations, "/readyz", null) == 200;
    }, Patience);

    public Task<int> ReadinessAsync() => StatusAsync(_operations, "/readyz", null);

    public Task<int> StatusOfAsync(string path, string? key = null, string? client = null) => StatusAsync(_gateway, path, key, client);

    public async Task<long> RevisionAsync() => JsonElement.Parse(await _operations.GetStringAsync("/status")).GetProperty("revision").GetInt64();

    /// <summary>What its operations port answers.</summary>
    public Task<string> OperationsTextAsync(string path) => _operations.GetStringAsync(path);

    /// <summary>Asks it to end, which it does in good order.</summary>
    public async Task EndAsync()
    {
        await Program.TerminateAsync();
        Assert.AreEqual(0, await Program.ExitAsync(), Program.Error);
    }

    /// <summary>Ends it as a power failure would, and starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        await Program.KillAsync();
        await RestartAsync();
    }

    /// <summary>Starts it again after it has ended.</summary>
    public async Task RestartAsync()
    {
        await Program.DisposeAsync();
        await StartAsync();
        await ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Program is not null) await Program.DisposeAsync();
        _gateway.Dispose();
        _operations.Dispose();
    }

    /// <returns>The answer's status; 0 where nothing answers.</returns>
    private static async Task<int> StatusAsync(HttpClient http, string path, string? key, string? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        if (client is not null) request.Headers.Add("X-Client-ID", client);
        try
        {
            using var answer = await http.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
