using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Upstreams;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Snapshots;

/// <summary>Follows the feed and puts each batch in force, tenant by tenant. A document that does not compile leaves its tenant as it was.</summary>
internal sealed partial class ConfigFollower(
    IConfigFeed feed, GatewayState state, OpenRequests open, SnapshotCompiler compiler, ServerCertificates certificates, ActiveProbes probes, EdgeMetrics metrics, TimeProvider clock, ILogger<ConfigFollower> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="Snapshot">Null where the document does not compile.</param>
    private readonly record struct Compiled(ConfigChange.TenantWritten Change, TenantSnapshot? Snapshot, string Reason);

    // Written by the one loop below.
    private readonly Dictionary<string, RefusedRevision> _refused = [];
    private readonly List<TenantSnapshot> _replaced = [];
    private string? _brokenBy;

    /// <summary>Called after a batch is in force or refused; set before <see cref="RunAsync"/>.</summary>
    public Action? Applied { get; set; }

    /// <summary>Runs until cancelled; a feed that breaks is taken up again from where this edge is.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await probes.StartAsync();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (var batch in feed.SubscribeAsync(state.Position, cancellation))
                {
                    // A batch may come on the thread that waits for sockets, and compiling takes long.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    Apply(batch);
                }
            }
            catch (EngineException e)
            {
                // Once for each reason: it is tried again every second, perhaps for hours.
                if (_brokenBy != e.Message) LogFeedBroken(log, e.Message);
                _brokenBy = e.Message;
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }

    internal void Apply(ConfigBatch batch)
    {
        var startedAt = clock.GetTimestamp();
        _brokenBy = null;
        var slots = new Dictionary<string, TenantSlot>(state.Index.Slots);
        var mustIndex = false;
        if (batch.IsWhole)
        {
            _refused.Clear();
            if (!batch.Changes.Any(c => c is ConfigChange.PlatformWritten)) ForgetPlatform();
            var named = batch.Changes.Select(c => c.Slug).ToHashSet();
            foreach (var slug in slots.Keys.Where(s => !named.Contains(s)).ToList()) mustIndex |= Remove(slots, slug);
        }
        foreach (var change in batch.Changes.Where(c => c is not ConfigChange.TenantWritten)) mustIndex |= Apply(change, slots);
        // Tenants know nothing of each other; what each is compiled from is read before the first is replaced.
        foreach (var compiled in OnAllCores.Map(batch.Changes.OfType<ConfigChange.TenantWritten>().ToList(), c => Compile(c, slots))) mustIndex |= Replace(compiled, slots);
        if (mustIndex) state.Index = new TenantIndex(slots);
        EndReplaced();
        state.Refused = [.. _refused.Values];
        state.Position = batch.Position;
        state.IsReady = true;
        metrics.ConfigApplied(clock.GetElapsedTime(startedAt));
        Applied?.Invoke();
    }

    /// <returns>Whether tenants came or went or hosts changed, so that the index must be made anew.</returns>
    private bool Apply(ConfigChange change, Dictionary<string, TenantSlot> slots)
    {
        switch (change)
        {
            case ConfigChange.TenantDeleted deleted:
                return Remove(slots, deleted.Slug);
            case ConfigChange.PlatformWritten written:
                Replace(written);
                return false;
            case ConfigChange.Unreadable unreadable:
                Refuse(unreadable.Revision, unreadable.Slug, unreadable.Reason);
                return false;
            default:
                return false;
        }
    }

    private Compiled Compile(ConfigChange.TenantWritten change, Dictionary<string, TenantSlot> slots)
    {
        try
        {
            return new(change, compiler.Compile(change.Revision, change.Document, slots.GetValueOrDefault(change.Slug)?.Current), "");
        }
        catch (CompileException e)
        {
            return new(change, null, e.Message);
        }
    }

    private bool Replace(Compiled compiled, Dictionary<string, TenantSlot> slots)
    {
        var (change, after, reason) = compiled;
        if (after is null)
        {
            Refuse(change.Revision, change.Slug, reason);
            return false;
        }
        _refused.Remove(change.Slug);
        var slot = slots.GetValueOrDefault(change.Slug);
        var before = slot?.Current;
        probes.Replace(before, after);
        if (slot is null)
        {
            slots[change.Slug] = new TenantSlot(after);
            return true;
        }
        slot.Current = after;
        if (before is not null) _replaced.Add(before);
        return before?.Document.Tenant.Hosts != after.Document.Tenant.Hosts;
    }

    private void Replace(ConfigChange.PlatformWritten change)
    {
        try
        {
            state.Platform = new PlatformSnapshot(change.Platform, change.Revision);
            _refused.Remove(change.Slug);
            // All else of it is in force; that this is not is told like a refusal.
            if (certificates.Replace(change.Platform.Certificates) is { } wrong) Refuse(change.Revision, change.Slug, wrong);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            Refuse(change.Revision, change.Slug, e.Message);
        }
    }

    private void ForgetPlatform()
    {
        state.Platform = PlatformSnapshot.Initial;
        certificates.Replace([]);
    }

    private bool Remove(Dictionary<string, TenantSlot> slots, string slug)
    {
        _refused.Remove(slug);
        if (!slots.Remove(slug, out var slot)) return false;
        probes.Replace(slot.Current, null);
        _replaced.Add(slot.Current);
        return true;
    }

    /// <summary>Requests see that what they began with is replaced, and those whose credential is no longer good end; before this edge says that it has applied anything.</summary>
    private void EndReplaced()
    {
        foreach (var before in _replaced)
        {
            before.IsReplaced = true;
            var after = state.Index.Slots.GetValueOrDefault(before.Slug)?.Current;
            if (before.HasLostCredentials(after)) open.Cut(before.Slug, after);
        }
        _replaced.Clear();
    }

    private void Refuse(long revision, string slug, string reason)
    {
        _refused[slug] = new(revision, slug, reason);
        metrics.RevisionRefused(slug);
        LogRefused(log, revision, slug, reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Revision {Revision} of '{Slug}' refused, the last good one stays: {Reason}")]
    private static partial void LogRefused(ILogger logger, long revision, string slug, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration feed broke, taking it up again: {Reason}")]
    private static partial void LogFeedBroken(ILogger logger, string reason);
}
