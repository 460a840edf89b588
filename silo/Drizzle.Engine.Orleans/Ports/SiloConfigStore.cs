using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Orleans.Grains;

namespace Drizzle.Engine.Orleans;

/// <summary>Writes go through the one writer of each tenant; reads see what is on disk.</summary>
internal sealed class SiloConfigStore(SiloConnection silos, IConfigStore database) : IConfigStore
{
    public ValueTask<ConfigPosition> PositionAsync(CancellationToken cancellation) => database.PositionAsync(cancellation);

    public ValueTask<StoredTenant?> ReadTenantAsync(string slug, CancellationToken cancellation) => database.ReadTenantAsync(slug, cancellation);

    public ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellation) => database.ListTenantsAsync(cancellation);

    public ValueTask<string?> FindOwnerAsync(IReadOnlyList<string> hosts, CancellationToken cancellation) => database.FindOwnerAsync(hosts, cancellation);

    public async ValueTask<WriteOutcome> WriteTenantAsync(string slug, long expected, TenantDocument? document, ChangeAuthor author, CancellationToken cancellation) =>
        (await silos.WriteAsync(grains => grains.GetGrain<ITenantGrain>(slug).WriteAsync(expected, document, author), cancellation)).ToOutcome();

    public ValueTask<StoredPlatform> ReadPlatformAsync(CancellationToken cancellation) => database.ReadPlatformAsync(cancellation);

    public async ValueTask<WriteOutcome> WritePlatformAsync(long expected, Platform platform, ChangeAuthor author, CancellationToken cancellation) =>
        (await silos.WriteAsync(grains => grains.GetGrain<IConfigurationGrain>(0).WritePlatformAsync(expected, platform, author), cancellation)).ToOutcome();

    public ValueTask<IReadOnlyList<RevisionEntry>> ListRevisionsAsync(string? scope, long before, int most, CancellationToken cancellation) => database.ListRevisionsAsync(scope, before, most, cancellation);

    public ValueTask<StoredTenant?> ReadTenantAtAsync(string slug, long revision, CancellationToken cancellation) => database.ReadTenantAtAsync(slug, revision, cancellation);

    public ValueTask<StoredPlatform> ReadPlatformAtAsync(long revision, CancellationToken cancellation) => database.ReadPlatformAtAsync(revision, cancellation);

    public ValueTask<long> ForgetRevisionsAsync(DateTimeOffset supersededBefore, CancellationToken cancellation) => database.ForgetRevisionsAsync(supersededBefore, cancellation);
}
