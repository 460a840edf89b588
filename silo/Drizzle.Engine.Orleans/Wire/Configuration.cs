using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Engine.Orleans;

/// <summary>Documents travel in the form in which they are stored, which versions of the program that run side by side agree on.</summary>
[GenerateSerializer, Alias("drizzle.tenant-document")]
public struct TenantDocumentWire
{
    [Id(0)]
    public byte[] Json;
}

[RegisterConverter]
public sealed class TenantDocumentConverter : IConverter<TenantDocument, TenantDocumentWire>
{
    public TenantDocument ConvertFromSurrogate(in TenantDocumentWire surrogate) => JsonSerializer.Deserialize(surrogate.Json, ModelJson.Default.TenantDocument) ?? throw new JsonException("A tenant's document is empty.");

    public TenantDocumentWire ConvertToSurrogate(in TenantDocument value) => new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, ModelJson.Default.TenantDocument) };
}

[GenerateSerializer, Alias("drizzle.platform")]
public struct PlatformWire
{
    [Id(0)]
    public byte[] Json;
}

[RegisterConverter]
public sealed class PlatformConverter : IConverter<Platform, PlatformWire>
{
    public Platform ConvertFromSurrogate(in PlatformWire surrogate) => JsonSerializer.Deserialize(surrogate.Json, ModelJson.Default.Platform) ?? throw new JsonException("The platform's settings are empty.");

    public PlatformWire ConvertToSurrogate(in Platform value) => new() { Json = JsonSerializer.SerializeToUtf8Bytes(value, ModelJson.Default.Platform) };
}

[GenerateSerializer, Alias("drizzle.config-position")]
public struct ConfigPositionWire
{
    [Id(0)]
    public string Epoch;

    [Id(1)]
    public long Revision;
}

[RegisterConverter]
public sealed class ConfigPositionConverter : IConverter<ConfigPosition, ConfigPositionWire>
{
    public ConfigPosition ConvertFromSurrogate(in ConfigPositionWire surrogate) => new(surrogate.Epoch, surrogate.Revision);

    public ConfigPositionWire ConvertToSurrogate(in ConfigPosition value) => new() { Epoch = value.Epoch, Revision = value.Revision };
}

[GenerateSerializer, Alias("drizzle.config-change")]
public struct ConfigChangeWire
{
    [Id(0)]
    public long Revision;

    [Id(1)]
    public string Slug;

    /// <summary>Where the tenant was written.</summary>
    [Id(2)]
    public TenantDocument? Document;

    /// <summary>Where the platform's settings were.</summary>
    [Id(3)]
    public Platform? Platform;

    /// <summary>Where the document cannot be read: why.</summary>
    [Id(4)]
    public string? Unreadable;
}

[GenerateSerializer, Alias("drizzle.config-batch")]
public struct ConfigBatchWire
{
    [Id(0)]
    public ConfigPosition Position;

    [Id(1)]
    public bool IsWhole;

    [Id(2)]
    public ConfigChangeWire[] Changes;
}

[RegisterConverter]
public sealed class ConfigBatchConverter : IConverter<ConfigBatch, ConfigBatchWire>
{
    public ConfigBatch ConvertFromSurrogate(in ConfigBatchWire surrogate) => new(surrogate.Position, surrogate.IsWhole, [.. surrogate.Changes.Select(ChangeOf)]);

    public ConfigBatchWire ConvertToSurrogate(in ConfigBatch value) => new() { Position = value.Position, IsWhole = value.IsWhole, Changes = [.. value.Changes.Select(WireOf)] };

    private static ConfigChange ChangeOf(ConfigChangeWire wire) => wire switch
    {
        { Document: { } document } => new ConfigChange.TenantWritten(wire.Revision, wire.Slug, document),
        { Platform: { } platform } => new ConfigChange.PlatformWritten(wire.Revision, platform),
        { Unreadable: { } reason } => new ConfigChange.Unreadable(wire.Revision, wire.Slug, reason),
        _ => new ConfigChange.TenantDeleted(wire.Revision, wire.Slug),
    };

    private static ConfigChangeWire WireOf(ConfigChange change) => new()
    {
        Revision = change.Revision, Slug = change.Slug, Document = (change as ConfigChange.TenantWritten)?.Document, Platform = (change as ConfigChange.PlatformWritten)?.Platform,
        Unreadable = (change as ConfigChange.Unreadable)?.Reason,
    };
}

[GenerateSerializer, Alias("drizzle.write-outcome")]
public struct WriteOutcomeWire
{
    /// <summary>Where it was written: as which revision.</summary>
    [Id(0)]
    public long? Written;

    /// <summary>Where the writer had read another revision: which there is.</summary>
    [Id(1)]
    public long? Actual;

    [Id(2)]
    public string? TakenHost;

    public static WriteOutcomeWire Of(WriteOutcome outcome) => new()
    {
        Written = (outcome as WriteOutcome.Written)?.Revision, Actual = (outcome as WriteOutcome.Stale)?.Actual, TakenHost = (outcome as WriteOutcome.HostTaken)?.Host,
    };

    public readonly WriteOutcome ToOutcome() => this switch
    {
        { Written: { } revision } => new WriteOutcome.Written(revision),
        { Actual: { } actual } => new WriteOutcome.Stale(actual),
        _ => new WriteOutcome.HostTaken(TakenHost ?? ""),
    };
}

[GenerateSerializer, Alias("drizzle.change-author")]
public struct ChangeAuthorWire
{
    [Id(0)]
    public string Actor;

    [Id(1)]
    public string? Reason;

    [Id(2)]
    public string? Address;
}

[RegisterConverter]
public sealed class ChangeAuthorConverter : IConverter<ChangeAuthor, ChangeAuthorWire>
{
    public ChangeAuthor ConvertFromSurrogate(in ChangeAuthorWire surrogate) => new(surrogate.Actor, surrogate.Reason, surrogate.Address);

    public ChangeAuthorWire ConvertToSurrogate(in ChangeAuthor value) => new() { Actor = value.Actor, Reason = value.Reason, Address = value.Address };
}
