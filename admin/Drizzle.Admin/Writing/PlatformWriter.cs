using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;

namespace Drizzle.Admin.Writing;

/// <summary>Writes what belongs to no tenant.</summary>
public sealed class PlatformWriter(IConfigStore store)
{
    /// <exception cref="EngineException">The store does not answer, or cannot write.</exception>
    public async Task<WriteResult> WriteAsync(Platform platform, WriteTerms terms, CancellationToken cancellation)
    {
        var findings = new Findings(source: null);
        Validator.Check(platform, "", findings);
        if (!findings.IsEmpty) return new WriteResult.Invalid([.. findings.Errors.Select(e => e with { Path = e.Path.TrimStart('.') })]);
        for (var attempt = 0; attempt < TenantWriter.Attempts; attempt++)
        {
            var result = await TryAsync(platform, terms, cancellation);
            if (result is not WriteResult.Stale || terms.Expected is not null) return result;
        }
        return new WriteResult.Contended(TenantWriter.Attempts);
    }

    /// <summary>Empty where the two are equal.</summary>
    public static IReadOnlyList<ObjectChange> Between(Platform before, Platform after) =>
        before == after ? [] : [new("change", "platform", "platform") { Fields = FieldDiff.Between(before, after) }];

    private async Task<WriteResult> TryAsync(Platform platform, WriteTerms terms, CancellationToken cancellation)
    {
        var stored = await store.ReadPlatformAsync(cancellation);
        if (terms.Expected is { } expected && expected != stored.Revision) return new WriteResult.Stale(expected, stored.Revision);
        if (stored.Platform == platform) return new WriteResult.Done(stored.Revision, []);
        var changes = Between(stored.Platform, platform);
        return terms.IsTrial
            ? new WriteResult.Done(stored.Revision, changes)
            : TenantWriter.ResultOf(await store.WritePlatformAsync(stored.Revision, platform, terms.Author, cancellation), stored.Revision, changes);
    }
}
