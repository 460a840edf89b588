using System.Globalization;
using System.Text;
using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Hosting;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Snapshots;

/// <summary>
/// Keeps what the feed brought in a folder, so that an edge can start while its engine is away: a file for each document, and one for the
/// position, written last. Documents ahead of the position do no harm, because the feed brings them again. The follower's loop alone writes; the
/// heartbeat's only says that what is kept was current.
/// </summary>
internal sealed partial class ConfigCache(string folder, TimeProvider clock, ILogger<ConfigCache> log)
{
    private const string Platform = "platform";
    private const string Extension = ".json";

    private readonly string _position = Path.Combine(folder, "position");
    private volatile bool _isFailing;

    /// <returns>The whole state that was kept, and how old it is; null where there is none that can be used.</returns>
    public (ConfigBatch Batch, TimeSpan Age)? Load()
    {
        try
        {
            if (!File.Exists(_position)) return null;
            var lines = File.ReadAllLines(_position);
            var position = new ConfigPosition(lines[0], long.Parse(lines[1], CultureInfo.InvariantCulture));
            var age = clock.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(_position), TimeSpan.Zero);
            var files = Directory.GetFiles(folder, "*" + Extension);
            return (new ConfigBatch(position, IsWhole: true, OnAllCores.Map([.. files], Read)), age);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or JsonException or IndexOutOfRangeException or OverflowException)
        {
            LogUnusable(log, folder, e.Message);
            return null;
        }
    }

    public void Save(ConfigBatch batch)
    {
        // What could not be kept is missing until a whole state comes: nothing may stand here as if it were complete.
        if (_isFailing && !batch.IsWhole) return;
        try
        {
            PrivateFiles.CreateFolder(folder);
            if (batch.IsWhole) Empty();
            foreach (var change in batch.Changes) Save(change);
            Write(_position, $"{batch.Position.Epoch}\n{batch.Position.Revision}\n");
            _isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, folder, e.Message);
            _isFailing = true;
            Invalidate();
        }
    }

    /// <summary>What is kept was current just now.</summary>
    public void UpToDate()
    {
        try
        {
            if (!_isFailing && File.Exists(_position)) File.SetLastWriteTimeUtc(_position, clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It seems older than it is, which errs on the safe side.
        }
    }

    private void Invalidate()
    {
        try
        {
            File.Delete(_position);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(log, folder, e.Message);
        }
    }

    /// <summary>The position goes first: without it nothing here is used.</summary>
    private void Empty()
    {
        File.Delete(_position);
        foreach (var file in Directory.GetFiles(folder, "*" + Extension)) File.Delete(file);
    }

    private void Save(ConfigChange change)
    {
        switch (change)
        {
            case ConfigChange.TenantWritten written:
                Write(FileOf(written.Slug), $"{written.Revision}\n{JsonSerializer.Serialize(written.Document, ModelJson.Default.TenantDocument)}");
                break;
            case ConfigChange.PlatformWritten written:
                Write(FileOf(Platform), $"{written.Revision}\n{JsonSerializer.Serialize(written.Platform, ModelJson.Default.Platform)}");
                break;
            case ConfigChange.TenantDeleted deleted:
                File.Delete(FileOf(deleted.Slug));
                break;
            default:
                // What could not be read leaves its last good form, where there is one.
                break;
        }
    }

    /// <param name="file">The revision on the first line, and JSON.</param>
    private static ConfigChange Read(string file)
    {
        var text = File.ReadAllText(file);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var slug = Path.GetFileNameWithoutExtension(file);
        var revision = long.Parse(text.AsSpan(0, Math.Max(end, 0)), CultureInfo.InvariantCulture);
        var json = text.AsSpan(end + 1);
        return slug == Platform
            ? new ConfigChange.PlatformWritten(revision, JsonSerializer.Deserialize(json, ModelJson.Default.Platform) ?? throw new JsonException("The platform is empty."))
            : new ConfigChange.TenantWritten(revision, slug, JsonSerializer.Deserialize(json, ModelJson.Default.TenantDocument) ?? throw new JsonException($"{slug} is empty."));
    }

    /// <summary>Whole or not at all, and for this user alone: hashes of keys are in it.</summary>
    private static void Write(string path, string text) => PrivateFiles.Replace(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    // A slug has letters, digits and hyphens only, and none is "platform".
    private string FileOf(string slug) => Path.Combine(folder, slug + Extension);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration kept in {Folder} cannot be used: {Reason}")]
    private static partial void LogUnusable(ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration cannot be kept in {Folder}: {Reason}")]
    private static partial void LogNotKept(ILogger logger, string folder, string reason);
}
