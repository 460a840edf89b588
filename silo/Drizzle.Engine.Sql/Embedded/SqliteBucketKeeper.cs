using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>
/// Keeps buckets for the next life of the process: at its end all that are not full, and every second those that take long to fill. After a crash a bucket that fills
/// quickly begins empty; one that takes long begins as it was kept, so that at most what it admitted in its last second is admitted again.
/// </summary>
internal sealed class SqliteBucketKeeper : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int MostAtOnce = 5_000;

    private readonly SqliteDatabase _database;
    private readonly InProcessBuckets _buckets;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;

    // Whether what was to be written last could not be.
    private bool _isBehind;

    private SqliteBucketKeeper(SqliteDatabase database, InProcessBuckets buckets, TimeProvider clock)
    {
        (_database, _buckets, _clock) = (database, buckets, clock);
        _loop = RunAsync();
    }

    /// <summary>Restores what was kept.</summary>
    /// <exception cref="EngineException">The file cannot be read or written.</exception>
    public static async Task<SqliteBucketKeeper> StartAsync(SqliteDatabase database, InProcessBuckets buckets, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.UnixNanoseconds();
        var endedWell = await database.WriteAsync(
            (c, t) =>
            {
                var was = c.Number("SELECT ended_well FROM bucket_life", t);
                c.Execute("INSERT INTO bucket_life (only_one, ended_well) VALUES (1, 0) ON CONFLICT DO UPDATE SET ended_well = 0", t);
                foreach (var kept in c.Query("SELECT name, subject, interval_ns, burst, until_ns FROM buckets WHERE until_ns > @now", r => Read(r, now), t, ("@now", now))) buckets.Restore(kept);
                return was;
            },
            cancellation);
        if (endedWell == 0) buckets.BeginEmpty();
        return new(database, buckets, clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        await KeepAsync(all: true);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _clock.PauseAsync(Every, _ending.Token)) await KeepAsync(all: false);
    }

    private async Task KeepAsync(bool all)
    {
        var changed = _buckets.Changed(all, again: _isBehind);
        if (changed.Count == 0 && !all) return;
        try
        {
            // Many at a time, but not so many that others who write would have to wait for long.
            KeptBucket[][] parts = [.. changed.Chunk(MostAtOnce).DefaultIfEmpty([])];
            foreach (var part in parts[..^1]) await _database.WriteAsync((c, t) => Write(c, t, part), CancellationToken.None);
            await _database.WriteAsync((c, t) => Write(c, t, parts[^1]) + Conclude(c, t, all), CancellationToken.None);
            _isBehind = false;
        }
        catch (EngineException)
        {
            // The disk is full, say: requests go on, and all is written when there is room again.
            _isBehind = true;
        }
    }

    private int Write(SqliteConnection c, SqliteTransaction t, KeptBucket[] changed)
    {
        var now = _clock.UnixNanoseconds();
        c.ExecuteEach(
            """
            INSERT INTO buckets (name, subject, interval_ns, burst, until_ns) VALUES (@name, @subject, @interval, @burst, @until)
            ON CONFLICT DO UPDATE SET interval_ns = excluded.interval_ns, burst = excluded.burst, until_ns = excluded.until_ns
            """,
            t, changed, ["@name", "@subject", "@interval", "@burst", "@until"], kept => [kept.Id.Limit, kept.Id.Subject, kept.Rule.Interval, kept.Rule.Burst, now + kept.FullIn]);
        return changed.Length;
    }

    private int Conclude(SqliteConnection c, SqliteTransaction t, bool isEnd)
    {
        var forgotten = c.Execute("DELETE FROM buckets WHERE until_ns <= @now", t, ("@now", _clock.UnixNanoseconds()));
        return isEnd ? c.Execute("UPDATE bucket_life SET ended_well = 1", t) : forgotten;
    }

    private static KeptBucket Read(SqliteDataReader r, long now) => new(new(r.GetString(0), r.GetString(1)), new(r.GetInt64(2), r.GetInt64(3)), r.GetInt64(4) - now);
}
