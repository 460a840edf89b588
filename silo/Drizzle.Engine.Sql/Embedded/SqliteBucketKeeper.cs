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

    private readonly SqliteDatabase _database;
    private readonly InProcessBuckets _buckets;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;

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
        var changed = _buckets.Changed(all);
        if (changed.Count == 0 && !all) return;
        try
        {
            await _database.WriteAsync((c, t) => Write(c, t, changed, all), CancellationToken.None);
        }
        catch (EngineException)
        {
            // The disk is full, say: requests go on, and the next life knows less.
        }
    }

    private int Write(SqliteConnection c, SqliteTransaction t, List<KeptBucket> changed, bool isEnd)
    {
        var now = _clock.UnixNanoseconds();
        c.Execute("DELETE FROM buckets WHERE until_ns <= @now", t, ("@now", now));
        foreach (var kept in changed)
        {
            c.Execute(
                """
                INSERT INTO buckets (name, subject, interval_ns, burst, until_ns) VALUES (@name, @subject, @interval, @burst, @until)
                ON CONFLICT DO UPDATE SET interval_ns = excluded.interval_ns, burst = excluded.burst, until_ns = excluded.until_ns
                """, t,
                ("@name", kept.Id.Limit), ("@subject", kept.Id.Subject), ("@interval", kept.Rule.Interval), ("@burst", kept.Rule.Burst), ("@until", now + kept.FullIn));
        }
        return isEnd ? c.Execute("UPDATE bucket_life SET ended_well = 1", t) : changed.Count;
    }

    private static KeptBucket Read(SqliteDataReader r, long now) => new(new(r.GetString(0), r.GetString(1)), new(r.GetInt64(2), r.GetInt64(3)), r.GetInt64(4) - now);
}
