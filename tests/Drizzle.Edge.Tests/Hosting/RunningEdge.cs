using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Reading;
using Drizzle.Engine.Sql;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Hosting;

/// <summary>A real edge on free ports over a real engine in a folder of its own.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    private readonly TestFolder? _folder;

    private RunningEdge(TestFolder? folder, SqliteEngine engine, EdgeHost host)
    {
        _folder = folder;
        Engine = engine;
        Host = host;
        Url = new Uri(host.GatewayAddresses.First(a => a.StartsWith("http:", StringComparison.Ordinal)));
        OperationsUrl = new Uri(host.OperationsAddresses.First());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Url };
    }

    public SqliteEngine Engine { get; }

    public EdgeHost Host { get; }

    public Uri Url { get; }

    public Uri OperationsUrl { get; }

    public HttpClient Client { get; }

    /// <summary>Set by a test that drains the edge itself.</summary>
    public bool IsDrained { get; set; }

    /// <param name="yaml">What to apply first; nothing where the folder has it.</param>
    /// <param name="folder">The test's own, which stays; one that is made and goes with the edge when null.</param>
    public static async Task<RunningEdge> StartAsync(string? yaml, EdgeOptions? options = null, TimeProvider? clock = null, TestFolder? folder = null)
    {
        var ownFolder = folder is null ? new TestFolder() : null;
        var time = clock ?? TimeProvider.System;
        var engine = await SqliteEngine.OpenAsync((folder ?? ownFolder)?.Path ?? "", time, CancellationToken.None);
        if (yaml is not null) await ApplyAsync(engine, yaml);
        EdgeHost? host = null;
        try
        {
            host = EdgeHost.Create((options ?? new EdgeOptions { DrainTimeout = TimeSpan.FromSeconds(1) }) with { Http = "http://127.0.0.1:0", Operations = "http://127.0.0.1:0" }, engine, time);
            await host.StartAsync(CancellationToken.None);
            return new RunningEdge(ownFolder, engine, host);
        }
        catch
        {
            if (host is not null) await host.DisposeAsync();
            await engine.DisposeAsync();
            ownFolder?.Dispose();
            throw;
        }
    }

    /// <summary>Writes each tenant of the file and waits until this edge has it in force.</summary>
    public async Task ApplyAsync(string yaml)
    {
        await ApplyAsync(Engine, yaml);
        await AppliedAsync();
    }

    public async Task WriteAsync(TenantDocument document)
    {
        var stored = await Engine.Store.ReadTenantAsync(document.Tenant.Slug, CancellationToken.None);
        await Engine.Store.WriteTenantAsync(document.Tenant.Slug, stored?.Revision ?? 0, document, new ChangeAuthor("test", null), CancellationToken.None);
        await AppliedAsync();
    }

    public async Task DeleteAsync(string tenant)
    {
        var stored = await Engine.Store.ReadTenantAsync(tenant, CancellationToken.None) ?? throw new InvalidOperationException($"No tenant {tenant}.");
        await Engine.Store.WriteTenantAsync(tenant, stored.Revision, null, new ChangeAuthor("test", null), CancellationToken.None);
        await AppliedAsync();
    }

    public async Task AppliedAsync()
    {
        var wanted = await Engine.Store.PositionAsync(CancellationToken.None);
        await Eventually.TrueAsync(async () => (await Engine.Edges.ListAsync(CancellationToken.None)).Any(e => e.Report.Applied.Revision >= wanted.Revision), $"revision {wanted.Revision} in force");
    }

    /// <summary>Makes a key and returns its text.</summary>
    public async Task<string> AddKeyAsync(string tenant, string consumer, Func<ApiKey, ApiKey>? change = null)
    {
        var stored = await Engine.Store.ReadTenantAsync(tenant, CancellationToken.None) ?? throw new InvalidOperationException($"No tenant {tenant}.");
        var text = $"drz_{Guid.NewGuid():N}";
        var key = new ApiKey { Prefix = text[..12], Consumer = consumer, Hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))) };
        await WriteAsync(stored.Document with { Keys = [.. stored.Document.Keys, change is null ? key : change(key)] });
        return text;
    }

    /// <summary>A request to this edge, with a key where one is given.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, Action<HttpRequestMessage>? change = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(method, path);
        if (key is not null) request.Headers.Add("X-API-Key", key);
        change?.Invoke(request);
        return Client.SendAsync(request, completion).Soon();
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null, Action<HttpRequestMessage>? change = null) => SendAsync(HttpMethod.Get, path, key, change);

    public async Task<int> StatusAsync(string path, string? key = null, Action<HttpRequestMessage>? change = null)
    {
        using var answer = await GetAsync(path, key, change);
        return (int)answer.StatusCode;
    }

    /// <summary>What operators read on /metrics, /status or /readyz.</summary>
    public async Task<string> OperationsAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(OperationsUrl, path));
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var answer = await Client.SendAsync(request).Soon();
        return await answer.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!IsDrained) await Host.DrainAsync(CancellationToken.None);
        await Host.DisposeAsync();
        await Engine.DisposeAsync();
        _folder?.Dispose();
    }

    public static async Task ApplyAsync(IEngine engine, string yaml)
    {
        var file = ConfigurationReader.Read(yaml, _ => null, out var errors) ?? throw new InvalidOperationException(string.Join('\n', errors));
        if (file.Platform is { } platform)
        {
            var stored = await engine.Store.ReadPlatformAsync(CancellationToken.None);
            await engine.Store.WritePlatformAsync(stored.Revision, platform, new ChangeAuthor("test", null), CancellationToken.None);
        }
        foreach (var tenant in file.Tenants)
        {
            var stored = await engine.Store.ReadTenantAsync(tenant.Slug, CancellationToken.None);
            var outcome = await engine.Store.WriteTenantAsync(tenant.Slug, stored?.Revision ?? 0, new TenantDocument { Tenant = tenant, Keys = stored?.Document.Keys ?? [] }, new ChangeAuthor("test", null), CancellationToken.None);
            if (outcome is not WriteOutcome.Written) throw new InvalidOperationException(outcome.ToString());
        }
    }
}
