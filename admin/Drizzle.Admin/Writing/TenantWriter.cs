using System.Diagnostics;
using Drizzle.Contracts.Addresses;
using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Validation;

namespace Drizzle.Admin.Writing;

/// <summary>How one part of a configuration file fared.</summary>
/// <param name="Scope">The tenant's slug, or <c>platform</c>.</param>
public sealed record ScopeResult(string Scope, WriteResult Result);

/// <summary>The one way by which tenants are written: read, change, judge, write, and again where someone else was faster.</summary>
/// <param name="store">Where it is written.</param>
/// <param name="allowsLoopback">Whether destinations may be on the edges' own machine.</param>
/// <param name="keys">Under which secrets are stored; null where none may be.</param>
public sealed class TenantWriter(IConfigStore store, bool allowsLoopback, MasterKeys? keys)
{
    internal const int Attempts = 8;

    private readonly PlatformWriter _platform = new(store);

    /// <summary>Writers of one tenant in this process take turns, so that they do not make each other's reading stale.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Changes one tenant, whole or not at all.</summary>
    /// <param name="change">Pure, since it may be asked more than once; its argument is null where there is no such tenant.</param>
    /// <exception cref="EngineException">The store does not answer, or cannot write.</exception>
    public async Task<WriteResult> WriteAsync(string slug, Func<TenantDocument?, TenantEdit> change, WriteTerms terms, CancellationToken cancellation)
    {
        var turn = _turns[(uint)slug.GetHashCode(StringComparison.Ordinal) % _turns.Length];
        await turn.WaitAsync(cancellation);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var result = await TryAsync(slug, change, terms, cancellation);
                if (result is not WriteResult.Stale || terms.Expected is not null) return result;
            }
            return new WriteResult.Contended(Attempts);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Lays a tenant over what is stored, or creates it.</summary>
    public Task<WriteResult> ApplyAsync(Tenant tenant, bool prune, WriteTerms terms, CancellationToken cancellation) =>
        WriteAsync(tenant.Slug, stored => new TenantEdit.Replace(TenantEdits.Overlay(stored, tenant, prune)), terms with { Stated = Ownership.StatedBy(tenant) }, cancellation);

    /// <summary>Applies a file of the platform's owner: the platform's settings first, then tenant by tenant. One that is refused does not hold up the others.</summary>
    /// <param name="name">Of the file, which then owns what it states; null where nothing shall.</param>
    /// <param name="isForced">Whether it takes what it states from other files.</param>
    /// <exception cref="EngineException">The store does not answer, or cannot write.</exception>
    public async Task<IReadOnlyList<ScopeResult>> ApplyAsync(ConfigurationFile file, string? name, bool prune, bool isForced, ChangeAuthor author, CancellationToken cancellation)
    {
        var terms = new WriteTerms(author, IsPlatformOwner: true) { File = name, IsForced = isForced };
        var results = new List<ScopeResult>(file.Tenants.Count + 1);
        if (file.Platform is { } platform) results.Add(new("platform", await _platform.WriteAsync(platform, terms, cancellation)));
        for (var i = 0; i < file.Tenants.Count; i++)
        {
            results.Add(new(file.Tenants[i].Slug, await ApplyAsync(file.Tenants[i], prune, terms, cancellation)));
        }
        return results;
    }

    private async Task<WriteResult> TryAsync(string slug, Func<TenantDocument?, TenantEdit> change, WriteTerms terms, CancellationToken cancellation)
    {
        var stored = await store.ReadTenantAsync(slug, cancellation);
        var revision = stored?.Revision ?? 0;
        if (terms.Expected is { } expected && expected != revision) return new WriteResult.Stale(expected, revision);
        return change(stored?.Document) switch
        {
            TenantEdit.Refuse refusal => refusal.Answer,
            TenantEdit.Replace edit => await WriteAsync(slug, stored, edit.Document, terms, cancellation),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<WriteResult> WriteAsync(string slug, StoredTenant? stored, TenantDocument? wanted, WriteTerms terms, CancellationToken cancellation)
    {
        var before = stored?.Document;
        var revision = stored?.Revision ?? 0;
        if (!terms.IsPlatformOwner && PlatformOwnersRule.Broken(before, wanted) is { } sentence) return new WriteResult.Forbidden(sentence);
        if (Judge(wanted?.Tenant, before?.Tenant, new DestinationRule((await store.ReadPlatformAsync(cancellation)).Platform, allowsLoopback)) is { Count: > 0 } errors) return new WriteResult.Invalid(errors);
        var unsealable = new List<ConfigError>();
        var after = wanted is null ? null : wanted with { Tenant = SecretSealing.Apply(wanted.Tenant, before?.Tenant, keys, unsealable) };
        if (unsealable.Count > 0) return new WriteResult.Invalid(unsealable);
        var changes = TenantDiff.Between(before, after);
        if (!terms.IsForced && Ownership.FirstConflict(before, changes, terms.File) is { } owner) return new WriteResult.OwnedByFile(owner.Object, owner.File);
        if (after is not null) after = after with { Owners = Ownership.After(after, before, changes, terms.File, terms.Stated, terms.IsForced) };
        var isSame = changes.Count == 0 && before?.Owners == after?.Owners;
        return isSame || terms.IsTrial
            ? new WriteResult.Done(revision, changes)
            : ResultOf(await store.WriteTenantAsync(slug, revision, after, terms.Author, cancellation), revision, changes);
    }

    internal static WriteResult ResultOf(WriteOutcome outcome, long read, IReadOnlyList<ObjectChange> changes) => outcome switch
    {
        WriteOutcome.Written written => new WriteResult.Done(written.Revision, changes),
        WriteOutcome.Stale stale => new WriteResult.Stale(read, stale.Actual),
        WriteOutcome.HostTaken taken => new WriteResult.HostTaken(taken.Host),
        _ => throw new UnreachableException(),
    };

    private static IReadOnlyList<ConfigError> Judge(Tenant? tenant, Tenant? before, DestinationRule destinations)
    {
        // What is stored was judged when it was written: making and revoking keys neither pays for that again nor waits for it to be mended.
        if (tenant is null || tenant.Equals(before)) return [];
        var findings = new Findings(source: null);
        Validator.Check(tenant, "", findings);
        // What is there already is judged by the edges: a key must be revocable whatever its tenant's services have become.
        Validator.CheckDestinations(tenant, before, destinations, "", findings);
        // Paths are the tenant's own: ".routes[0]" is "routes[0]" to whoever sent it.
        return [.. findings.Errors.Select(e => e with { Path = e.Path.TrimStart('.') })];
    }
}
