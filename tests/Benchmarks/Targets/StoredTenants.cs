using System.Security.Cryptography;
using System.Text;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Reading;

namespace Drizzle.Benchmarks.Targets;

/// <summary>Writes a configuration with one tenant, and keys that pass.</summary>
internal static class StoredTenants
{
    /// <param name="store">Of an engine without any state.</param>
    /// <param name="yaml">The platform's settings and the tenant.</param>
    /// <param name="consumers">Whose keys are made.</param>
    /// <returns>A request with the key of each.</returns>
    public static async Task<LoadRequest[]> StoreAsync(IConfigStore store, string yaml, string[] consumers, Session session)
    {
        var file = ConfigurationReader.Read(yaml, _ => null, out var errors) ?? throw new BenchmarkFailure(string.Join('\n', errors));
        string[] keys = [.. consumers.Select(_ => $"drz_{RandomNumberGenerator.GetHexString(32, lowercase: true)}")];
        var document = new TenantDocument
        {
            Tenant = file.Tenants[0],
            Keys = [.. keys.Zip(consumers, (key, consumer) => new ApiKey { Prefix = key[..12], Consumer = consumer, Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) })],
        };
        var author = new ChangeAuthor("bench", null);
        await store.WritePlatformAsync(0, file.Platform ?? new Platform(), author, session.Stop);
        await store.WriteTenantAsync(document.Tenant.Slug, 0, document, author, session.Stop);
        return [.. keys.Select(k => new LoadRequest(k))];
    }
}
