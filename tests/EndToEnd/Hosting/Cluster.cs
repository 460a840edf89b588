using System.Text.Json;
using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>One PostgreSQL, one admin and some edges, each a process; nothing but the database is started yet.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private AdminApi? _api;

    private Cluster(PostgresServer postgres, string database, int edges)
    {
        Postgres = postgres;
        var adminPort = FreePorts.Next();
        Dictionary<string, string> shared = new()
        {
            ["Drizzle__Engine"] = "postgres", ["Drizzle__Postgres"] = database, ["DRIZZLE_DATA"] = _folder.File("data"),
            ["Drizzle__Admin__Url"] = $"http://127.0.0.1:{adminPort}", ["DRIZZLE_ADMIN"] = $"http://127.0.0.1:{adminPort}",
        };
        Admin = new RoleProcess("admin", shared, adminPort, adminPort);
        Edges = [.. Enumerable.Range(0, edges).Select(_ => MakeEdge(shared))];
    }

    public PostgresServer Postgres { get; }

    public RoleProcess Admin { get; }

    public IReadOnlyList<RoleProcess> Edges { get; }

    /// <summary>With the root token.</summary>
    public AdminApi Api => _api ??= new AdminApi(Admin.Environment["DRIZZLE_ADMIN"], File.ReadAllText(Path.Combine(_folder.File("data"), "root.token")).Trim());

    public static async Task<Cluster> PrepareAsync(int edges)
    {
        var postgres = await PostgresServer.StartAsync();
        return new Cluster(postgres, await postgres.CreateDatabaseAsync(), edges);
    }

    /// <summary>Runs another verb against the admin.</summary>
    public Task<ProgramRun> RunAsync(string input, params string[] arguments) => ProgramRun.OfAsync(Repository.Program, arguments, Admin.Environment, input);

    /// <summary>Waits until every edge has applied the revision of the store.</summary>
    public async Task CaughtUpAsync()
    {
        var wanted = (await Api.GetAsync("/v1/edges")).IsDone().Body.GetProperty("revision").GetInt64();
        foreach (var edge in Edges) await Eventually.TrueAsync($"an edge is at revision {wanted}", async () => await edge.RevisionAsync() >= wanted);
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        foreach (var edge in Edges) await edge.DisposeAsync();
        await Admin.DisposeAsync();
        await Postgres.DisposeAsync();
        _folder.Dispose();
    }

    private static RoleProcess MakeEdge(Dictionary<string, string> shared)
    {
        var (gateway, operations) = (FreePorts.Next(), FreePorts.Next());
        return new RoleProcess("edge", new Dictionary<string, string>(shared)
        {
            ["Drizzle__Edge__Http"] = $"http://127.0.0.1:{gateway}", ["Drizzle__Edge__Operations"] = $"http://127.0.0.1:{operations}", ["Drizzle__Edge__DrainTimeout"] = "2s",
        }, gateway, operations);
    }
}

/// <summary><c>drizzle admin</c> or <c>drizzle edge</c>, which may be killed and started again on the same ports.</summary>
internal sealed class RoleProcess(string role, IReadOnlyDictionary<string, string> environment, int port, int operations) : IAsyncDisposable
{
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Eventually.Patience };
    private readonly HttpClient _operations = new() { BaseAddress = new Uri($"http://127.0.0.1:{operations}"), Timeout = Eventually.Patience };

    public IReadOnlyDictionary<string, string> Environment => environment;

    public StartedProgram Program { get; private set; } = null!;

    /// <summary>Starts it and does not wait.</summary>
    public async Task StartAsync() => Program = await StartedProgram.StartAsync(Repository.Program, [role], environment);

    public Task ReadyAsync() => Eventually.TrueAsync($"{role} is ready", async () =>
    {
        Assert.IsFalse(Program.HasExited, $"{Program.Out}\n{Program.Error}");
        return await StatusAsync(_operations, "/readyz", null) == 200;
    });

    public Task<int> ReadinessAsync() => StatusAsync(_operations, "/readyz", null);

    public Task<int> StatusOfAsync(string path, string? key = null) => StatusAsync(_gateway, path, key);

    public async Task<long> RevisionAsync() => JsonElement.Parse(await _operations.GetStringAsync("/status")).GetProperty("revision").GetInt64();

    /// <summary>Ends it as a power failure would, and starts it again.</summary>
    public async Task KillAndRestartAsync()
    {
        await Program.KillAsync();
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
    private static async Task<int> StatusAsync(HttpClient http, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null) request.Headers.Add("X-API-Key", key);
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
