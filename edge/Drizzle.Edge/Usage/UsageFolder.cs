using System.Globalization;
using System.Text.Json;
using Drizzle.Contracts.Usage;
using Drizzle.Edge.Hosting;

namespace Drizzle.Edge.Usage;

/// <summary>What an earlier life of this edge counted and did not ship.</summary>
/// <param name="Path">Of its files, to delete once it is shipped.</param>
internal sealed record RecoveredUsage(string Path, IReadOnlyList<UsageBatch> Batches);

/// <summary>The folder of an edge's usage files, for one process at a time. They are numbered in the order in which they were made.</summary>
internal sealed class UsageFolder : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _lock;
    private long _last;

    private UsageFolder(string folder, FileStream ownership) => (_folder, _lock) = (folder, ownership);

    /// <exception cref="IOException">It cannot be written, or another process has it.</exception>
    public static UsageFolder Open(string folder)
    {
        var path = Path.Combine(folder, "usage");
        PrivateFiles.CreateFolder(path);
        return new(path, new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
    }

    /// <summary>Before the first is made here.</summary>
    public IEnumerable<RecoveredUsage> Recover(string edge)
    {
        foreach (var number in Numbers())
        {
            _last = Math.Max(_last, number);
            if (TryRecover(PathOf(number), edge) is { } recovered) yield return recovered;
        }
    }

    public UsageFile Create(DateOnly day) => UsageFile.Create(PathOf(++_last), day);

    public void Dispose() => _lock.Dispose();

    private long[] Numbers() =>
    [
        .. Directory.GetFiles(_folder).Select(f => Path.GetFileName(f).Split('.')[0]).Distinct()
            .Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).Where(number => number > 0).Order(),
    ];

    /// <returns>Null for what cannot be read, which stays where it is.</returns>
    private static RecoveredUsage? TryRecover(string path, string edge)
    {
        try
        {
            return new(path, UsageFile.Recover(path, edge));
        }
        catch (Exception e) when (e is JsonException || UsageFile.IsRefusal(e))
        {
            return null;
        }
    }

    private string PathOf(long number) => Path.Combine(_folder, number.ToString(CultureInfo.InvariantCulture));
}
