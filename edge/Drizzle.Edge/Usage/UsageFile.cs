using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Drizzle.Contracts.Usage;
using Drizzle.Edge.Hosting;

namespace Drizzle.Edge.Usage;

/// <summary>A batch that is under way, as it is kept until the ledger has it.</summary>
/// <param name="Taken">What was counted in each slot when this batch was made.</param>
internal sealed record KeptBatch(Guid Id, string Edge, UsageEntry[] Entries, TakenSlot[] Taken);

internal sealed record TakenSlot(int Slot, UsageCounts Total);

[JsonSerializable(typeof(KeptBatch))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class UsageJson : JsonSerializerContext;

/// <summary>
/// Counters in a file that is mapped into memory, so that what a killed process had counted is there for its next life: slots, each with what was counted in
/// all and what of it was put into batches. Beside it a file of their names, a line for each, written before the slot is used; and the batch that is under way,
/// written before what it takes is noted with the counters, so that a crash in between neither loses nor doubles it.
/// </summary>
internal sealed class UsageFile : IDisposable
{
    public const int Slots = 1 << 16;

    private const int Header = 64;
    private const int DayAt = 0;
    private const int UsedAt = 4;
    private const int IdAt = 16;
    private static readonly int CountsSize = Unsafe.SizeOf<UsageCounts>();

    private readonly string _path;
    private readonly MemoryMappedFile _mapped;
    private readonly MemoryMappedViewAccessor _view;
    private readonly FileStream _names;
    private bool _isCut;

    private UsageFile(string path, MemoryMappedFile mapped, FileStream names)
    {
        (_path, _mapped, _names) = (path, mapped, names);
        _view = mapped.CreateViewAccessor();
    }

    private static long Size => Header + (2L * CountsSize * Slots);

    /// <summary>Room is taken for all of it at once: a mapped file cannot say that a disk is full.</summary>
    /// <param name="path">Without its ending.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static UsageFile Create(string path, DateOnly day)
    {
        var names = PrivateFiles.Create(path + ".names");
        try
        {
            using (var cells = PrivateFiles.Create(path + ".cells")) WriteZeros(cells);
            var file = new UsageFile(path, MemoryMappedFile.CreateFromFile(path + ".cells", FileMode.Open), names);
            var id = Guid.NewGuid();
            file._view.Write(IdAt, ref id);
            file._view.Write(DayAt, day.DayNumber);
            return file;
        }
        catch
        {
            names.Dispose();
            Delete(path);
            throw;
        }
    }

    /// <summary>Whether a file cannot be made or grow: the disk is full, a limit on its size is reached, or it is not this user's.</summary>
    public static bool IsRefusal(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException;

    /// <summary>What a process that did not end well had counted and not shipped: the batch that was under way, and the rest, each by the same id however often this is asked.</summary>
    /// <param name="path">Without its ending.</param>
    public static List<UsageBatch> Recover(string path, string edge)
    {
        var batches = new List<UsageBatch>();
        var underWay = ReadBatch(path);
        if (underWay is not null) batches.Add(new(underWay.Id, underWay.Edge, underWay.Entries));
        if (!File.Exists(path + ".cells") || !File.Exists(path + ".names") || new FileInfo(path + ".cells").Length < Size) return batches;
        using var mapped = MemoryMappedFile.CreateFromFile(path + ".cells", FileMode.Open);
        using var view = mapped.CreateViewAccessor();
        view.Read(IdAt, out Guid id);
        var left = Left(path, view, underWay?.Taken.ToDictionary(t => t.Slot, t => t.Total) ?? []);
        batches.AddRange(left.Chunk(UsageBatch.MostEntries).Select((entries, i) => new UsageBatch(IdOf(id, i), edge, entries)));
        return batches;
    }

    /// <summary>All of it was shipped. The batch goes last, since what it takes is known by it alone.</summary>
    public static void Delete(string path)
    {
        foreach (var ending in new[] { ".cells", ".names", ".batch" }) Remove(path + ending);
    }

    /// <summary>One caller at a time. After a disk that was full, what newer slots count is lost with the process, as all would be without the file.</summary>
    public void Name(int slot, UsageName name)
    {
        if (_isCut) return;
        var line = JsonSerializer.SerializeToUtf8Bytes([name.Tenant, name.Consumer, name.Service, name.Route], UsageJson.Default.StringArray);
        try
        {
            _names.Write([.. line, (byte)'\n']);
            _view.Write(UsedAt, slot + 1);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            _isCut = true;
        }
    }

    public void SetTotal(int slot, in UsageCounts counts) => Set(TotalAt(slot), counts);

    public void SetTaken(int slot, in UsageCounts counts) => Set(TakenAt(slot), counts);

    public void Keep(KeptBatch batch) => PrivateFiles.Replace(_path + ".batch", stream => JsonSerializer.Serialize(stream, batch, UsageJson.Default.KeptBatch));

    public void Shipped() => Remove(_path + ".batch");

    public void Delete()
    {
        Dispose();
        Delete(_path);
    }

    public void Dispose()
    {
        _view.Dispose();
        _mapped.Dispose();
        _names.Dispose();
    }

    /// <summary>What stays is shipped again by the same id, and is known.</summary>
    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            // The folder is not this user's any more.
        }
    }

    private static IEnumerable<UsageEntry> Left(string path, MemoryMappedViewAccessor view, Dictionary<int, UsageCounts> taken)
    {
        var day = DateOnly.FromDayNumber(view.ReadInt32(DayAt));
        var used = view.ReadInt32(UsedAt);
        foreach (var (slot, line) in File.ReadLines(path + ".names").Take(Math.Min(used, Slots)).Index())
        {
            if (JsonSerializer.Deserialize(line, UsageJson.Default.StringArray) is not [var tenant, var consumer, var service, var route]) continue;
            view.Read(TotalAt(slot), out UsageCounts total);
            if (!taken.TryGetValue(slot, out var before)) view.Read(TakenAt(slot), out before);
            if (total != before) yield return new(new(tenant, consumer, service, route, day), total - before);
        }
    }

    private static KeptBatch? ReadBatch(string path)
    {
        if (!File.Exists(path + ".batch")) return null;
        using var stream = File.OpenRead(path + ".batch");
        return JsonSerializer.Deserialize(stream, UsageJson.Default.KeptBatch);
    }

    private void Set(long at, in UsageCounts counts)
    {
        var copy = counts;
        _view.Write(at, ref copy);
    }

    private static long TotalAt(int slot) => Header + (2L * CountsSize * slot);

    private static long TakenAt(int slot) => TotalAt(slot) + CountsSize;

    private static Guid IdOf(Guid file, int part) => new(SHA256.HashData([.. file.ToByteArray(), .. BitConverter.GetBytes(part)])[..16]);

    private static void WriteZeros(FileStream stream)
    {
        var zeros = new byte[1 << 16];
        for (long written = 0; written < Size; written += zeros.Length) stream.Write(zeros, 0, (int)Math.Min(zeros.Length, Size - written));
    }
}
