using Drizzle.Testing;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>One PostgreSQL, one admin, some edges and, of the orleans engine, silos, each a process; nothing but the database is started yet.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const string EdgeLogin = "an_edge";

    private readonly TestFolder _folder = new();
    private AdminApi? _api;

    private Cluster(PostgresServer postgres, string database, string edgeDatabase, int edges, int silos, bool isLocal, bool hasTls)
    {
        Postgres = postgres;
        var adminPort = FreePorts.Next();
        Dictionary<string, string> shared = new()
        {
            ["Drizzle__Engine"] = silos > 0 ? "orleans" : "postgres", ["Drizzle__Postgres"] = database, ["DRIZZLE_DATA"] = _folder.File("data"),
            ["Drizzle__Admin__Url"] = $"http://127.0.0.1:{adminPort}", ["DRIZZLE_ADMIN"] = $"http://127.0.0.1:{adminPort}",
        };
        if (hasTls) AddCertificates(shared);
        if (isLocal) (shared["Drizzle__Silo__Clustering"], shared["Drizzle__Silo__Gateway"]) = ("localhost", $"{FreePorts.Next()}");
        Admin = new RoleProcess("admin", shared, adminPort, adminPort);
        Silos = [.. Enumerable.Range(0, silos).Select(_ => MakeSilo(shared))];
        Edges = [.. Enumerable.Range(0, edges).Select(number => MakeEdge(new(shared) { ["Drizzle__Postgres"] = edgeDatabase }, number, _folder))];
    }

    public PostgresServer Postgres { get; }

    /// <summary>Its connection string, as the schema's owner.</summary>
    public string Database => Admin.Environment["Drizzle__Postgres"];

    /// <summary>The root token.</summary>
    public string Token => File.ReadAllText(Path.Combine(_folder.File("data"), "root.token")).Trim();

    public RoleProcess Admin { get; }

    public IReadOnlyList<RoleProcess> Edges { get; }

    /// <summary>None but for the orleans engine.</summary>
    public IReadOnlyList<RoleProcess> Silos { get; }

    /// <summary>With the root token.</summary>
    public AdminApi Api => _api ??= new AdminApi(Admin.Environment["DRIZZLE_ADMIN"], Token);

    /// <param name="edges">How many.</param>
    /// <param name="silos">How many; of the postgres engine 0.</param>
    /// <param name="isLocal">Whether the only silo is found at its port, instead of by the table in the database.</param>
    /// <param name="hasTls">Whether silos and their clients have certificates.</param>
    public static async Task<Cluster> PrepareAsync(int edges, int silos = 0, bool isLocal = false, bool hasTls = false)
    {
        var postgres = await PostgresServer.StartAsync();
        var database = await postgres.CreateDatabaseAsync();
        return new Cluster(postgres, database, silos > 0 ? await postgres.CreateLoginAsync(database, EdgeLogin) : database, edges, silos, isLocal, hasTls);
    }

    /// <summary>With every process started and ready, and tenant acme in force.</summary>
    public static async Task<Cluster> UpAsync(int edges, string upstream = "http://127.0.0.1:9", int silos = 0, bool isLocal = false, bool hasTls = false)
    {
        var cluster = await PrepareAsync(edges, silos, isLocal, hasTls);
        try
        {
            await cluster.StartServersAsync();
            foreach (var edge in cluster.Edges) await edge.StartAsync();
            foreach (var edge in cluster.Edges) await edge.ReadyAsync();
            (await cluster.RunAsync(Configurations.Acme(upstream), "apply", "-f", "-")).Ended(0);
            await cluster.CaughtUpAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything but the edges, until it is ready.</summary>
    public async Task StartServersAsync()
    {
        await StartSilosAsync();
        await Admin.StartAsync();
        await Admin.ReadyAsync();
        // Of silos edges ask for everything; in the database they see where these are.
        if (Silos.Count > 0) await PostgresServer.QueryAsync(Database, $"GRANT drizzle_edge TO {EdgeLogin}");
    }

    /// <summary>Kills whoever owns the buckets: silos where there are any, otherwise the database.</summary>
    public async Task KillOwnerAsync()
    {
        if (Silos.Count == 0) await Postgres.CrashAsync();
        foreach (var silo in Silos) await silo.Program.KillAsync();
    }

    /// <summary>Starts it again.</summary>
    public async Task RestartOwnerAsync()
    {
        if (Silos.Count == 0) await Postgres.RunAsync();
        foreach (var silo in Silos) await silo.Program.DisposeAsync();
        await StartSilosAsync();
    }

    /// <summary>Runs another verb against the admin.</summary>
    public Task<ProgramRun> RunAsync(string input, params string[] arguments) => ProgramRun.OfAsync(BuiltProgram.Path, arguments, Admin.Environment, input);

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
        foreach (var silo in Silos) await silo.DisposeAsync();
        await Postgres.DisposeAsync();
        _folder.Dispose();
    }

    /// <param name="shared">What is said to all processes of the cluster.</param>
    public static RoleProcess MakeSilo(Dictionary<string, string> shared)
    {
        var (port, operations) = (FreePorts.Next(), FreePorts.Next());
        return new RoleProcess("silo", new Dictionary<string, string>(shared)
        {
            ["Drizzle__Silo__Port"] = $"{port}", ["Drizzle__Silo__Gateway"] = shared.GetValueOrDefault("Drizzle__Silo__Gateway") ?? $"{FreePorts.Next()}", ["Drizzle__Silo__Operations"] = $"http://127.0.0.1:{operations}",
        }, operations, operations);
    }

    private async Task StartSilosAsync()
    {
        foreach (var silo in Silos) await silo.StartAsync();
        foreach (var silo in Silos) await silo.ReadyAsync();
    }

    private void AddCertificates(Dictionary<string, string> environment)
    {
        using var authority = new TestAuthority("cluster");
        (environment["Drizzle__Silo__TlsCertFile"], environment["Drizzle__Silo__TlsKeyFile"], environment["Drizzle__Silo__TlsCaFile"]) = authority.WriteMember(_folder, "member");
    }

    /// <summary>The first keeps its configuration on disk.</summary>
    private static RoleProcess MakeEdge(Dictionary<string, string> shared, int number, TestFolder folder)
    {
        var (gateway, operations) = (FreePorts.Next(), FreePorts.Next());
        return new RoleProcess("edge", new Dictionary<string, string>(shared)
        {
            ["Drizzle__Edge__Http"] = $"http://127.0.0.1:{gateway}", ["Drizzle__Edge__Operations"] = $"http://127.0.0.1:{operations}", ["Drizzle__Edge__DrainTimeout"] = "2s",
            ["Drizzle__Edge__Id"] = $"edge-{number}", ["Drizzle__Edge__Cache"] = number == 0 ? folder.File("cache") : "",
        }, gateway, operations);
    }
}
