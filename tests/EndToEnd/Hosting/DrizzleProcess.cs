using System.Text.Json;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary><c>drizzle up</c> with a data folder and ports of its own. It may be killed and started again on the same ones.</summary>
internal sealed class DrizzleProcess : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _environment;
    private StartedProgram? _program;
    private AdminApi? _api;
    private bool _wasKilled;

    private DrizzleProcess(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var (gateway, operations, admin) = (FreePorts.Next(), FreePorts.Next(), FreePorts.Next());
        (GatewayPort, OperationsPort, AdminPort) = (gateway, operations, admin);
        _environment = new(environment)
        {
            ["Drizzle__Edge__Http"] = $"http://127.0.0.1:{gateway}",
            ["Drizzle__Edge__Operations"] = $"http://127.0.0.1:{operations}",
            ["Drizzle__Admin__Url"] = $"http://127.0.0.1:{admin}",
            ["DRIZZLE_ADMIN"] = $"http://127.0.0.1:{admin}",
            ["DRIZZLE_DATA"] = _folder.File("data"),
        };
        _environment.TryAdd("Drizzle__Edge__DrainTimeout", "2s");
        Gateway = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{gateway}"), Timeout = Eventually.Patience };
        Operations = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{operations}"), Timeout = Eventually.Patience };
    }

    public int GatewayPort { get; }

    public int OperationsPort { get; }

    public int AdminPort { get; }

    public HttpClient Gateway { get; }

    public HttpClient Operations { get; }

    public string Data => _environment["DRIZZLE_DATA"];

    /// <summary>What a start of the program is told; a test may add to it before it starts again.</summary>
    public IDictionary<string, string> Environment => _environment;

    public StartedProgram Program => _program ?? throw new InvalidOperationException("It was not started.");

    /// <summary>With the root token.</summary>
    public AdminApi Api => _api ??= new AdminApi(_environment["DRIZZLE_ADMIN"], Token);

    /// <summary>What the admin API answers to nobody in particular, as text.</summary>
    public async Task<string> AdminTextAsync(string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(new Uri(new Uri(_environment["DRIZZLE_ADMIN"]), path));
    }

    public string Token => System.IO.File.ReadAllText(Path.Combine(Data, "root.token")).Trim();

    /// <summary>Nothing is started yet.</summary>
    public static DrizzleProcess Prepare(params IEnumerable<KeyValuePair<string, string>> environment) => new(environment);

    /// <summary>Started and ready.</summary>
    public static async Task<DrizzleProcess> UpAsync(params IEnumerable<KeyValuePair<string, string>> environment)
    {
        var drizzle = Prepare(environment);
        try
        {
            await drizzle.StartAsync();
        }
        catch
        {
            await drizzle.DisposeAsync();
            throw;
        }
        return drizzle;
    }

    /// <summary>A file of this test, beside the data folder.</summary>
    public string File(string name) => _folder.File(name);

    /// <summary>Starts it and waits until it is ready.</summary>
    public Task StartAsync(params string[] arguments) => StartAsAsync(BuiltProgram.Path, ["up", .. arguments]);

    /// <summary>Starts it by another command line, such as a shell that sets limits, and waits until it is ready.</summary>
    public async Task StartAsAsync(string file, IEnumerable<string> arguments)
    {
        if (_program is not null) await _program.DisposeAsync();
        _wasKilled = false;
        var program = _program = await StartedProgram.StartAsync(file, arguments, _environment);
        await Eventually.TrueAsync("drizzle is ready", async () => program.HasExited || (program.Out.Contains("Drizzle is ready.", StringComparison.Ordinal) && await IsReadyAsync()));
        if (!program.HasExited) return;
        _program = null;
        await using (program) Assert.Fail($"drizzle up ended with {await program.ExitAsync()}:\n{program.Out}\n{program.Error}");
    }

    public async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await Operations.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Runs another verb against this one.</summary>
    public Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(BuiltProgram.Path, arguments, _environment);

    /// <summary>Runs a verb that reads its standard input.</summary>
    public Task<ProgramRun> RunWithAsync(string input, params string[] arguments) => ProgramRun.OfAsync(BuiltProgram.Path, arguments, _environment, input);

    /// <summary>Applies a file and waits until it is in force.</summary>
    public async Task ApplyAsync(string yaml)
    {
        (await RunWithAsync(yaml, "apply", "-f", "-")).Ended(0);
        await CaughtUpAsync();
    }

    /// <returns>The text of a new key, in force.</returns>
    public async Task<string> CreateKeyAsync(string tenant, string consumer)
    {
        var run = (await RunAsync("create", "key", "-t", tenant, "--consumer", consumer, "-o", "json")).Ended(0);
        await CaughtUpAsync();
        return run.Json.GetProperty("key").GetString() ?? "";
    }

    /// <summary>Waits until the edge is at the store's revision.</summary>
    public async Task CaughtUpAsync()
    {
        var wanted = (await Api.GetAsync("/v1/edges")).IsDone().Body.GetProperty("revision").GetInt64();
        await Eventually.TrueAsync($"the edge is at revision {wanted}", async () =>
            JsonElement.Parse(await Operations.GetStringAsync("/status")).GetProperty("revision").GetInt64() >= wanted);
    }

    /// <returns>The answer's status.</returns>
    public async Task<int> StatusOfAsync(string path, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        using var answer = await Gateway.SendAsync(request);
        return (int)answer.StatusCode;
    }

    /// <summary>The newest revision.</summary>
    public async Task<long> RevisionAsync() => (await Api.GetAsync("/v1/edges")).IsDone().Body.GetProperty("revision").GetInt64();

    /// <summary>Ends it as a power failure would.</summary>
    public Task KillAsync()
    {
        _wasKilled = true;
        return Program.KillAsync();
    }

    /// <summary>Ends it in order, which fails the test where it had crashed or does not end well.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_program is not { } program) return;
            if (!program.HasExited) await program.TerminateAsync();
            var code = await program.ExitAsync();
            Assert.IsTrue(code == 0 || _wasKilled, $"drizzle up ended with {code}:\n{program.Error}");
            Assert.DoesNotContain("Unhandled exception", program.Error);
        }
        finally
        {
            if (_program is not null) await _program.DisposeAsync();
            _api?.Dispose();
            Gateway.Dispose();
            Operations.Dispose();
            _folder.Dispose();
        }
    }
}
