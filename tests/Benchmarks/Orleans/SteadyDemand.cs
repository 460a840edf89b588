using Drizzle.Benchmarks.Load;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Limits;

namespace Drizzle.Benchmarks;

/// <summary>Requests at a steady rate to several edges, for buckets in many shards that could give twice as much; and how many were refused, by tenths of a second.</summary>
internal sealed class SteadyDemand(IReadOnlyList<LeasedBuckets> edges, Session session)
{
    public const int SlotsInSecond = 10;

    private const int Buckets = 64;
    private const int PerSecond = 960;

    // Whoever counts as served well loses no more, over a second.
    private const double FewRefused = 0.01;

    private static readonly BucketRule Rule = new(1_000_000_000L * Buckets / (2 * PerSecond), 30);

    private readonly long _startedAt = session.Clock.GetTimestamp();
    private readonly List<(long Asked, long Refused)> _slots = [];
    private long _longest;

    /// <summary>The tenth of a second that it is.</summary>
    public int Slot => (int)(session.Clock.GetElapsedTime(_startedAt).TotalSeconds * SlotsInSecond);

    /// <summary>The longest that a request waited since this was asked last; milliseconds.</summary>
    public double TakeLongestWait() => Interlocked.Exchange(ref _longest, 0) * 1000.0 / session.Clock.TimestampFrequency;

    public Task RunAsync(CancellationToken cancellation) => SteadyRate.RunAsync(PerSecond, AskAsync, session, cancellation);

    /// <param name="to">Not included.</param>
    public (long Asked, long Refused) Count(int from, int to)
    {
        lock (_slots)
        {
            var some = _slots.Take(Math.Min(to, _slots.Count)).Skip(from).ToList();
            return (some.Sum(s => s.Asked), some.Sum(s => s.Refused));
        }
    }

    /// <summary>Waits for a second, begun at a tenth or later, in which nearly all was admitted.</summary>
    /// <returns>Seconds from the tenth until that began.</returns>
    public async Task<double> NormalAfterAsync(int slot)
    {
        for (var at = slot; ; at++)
        {
            while (Slot <= at + SlotsInSecond) await session.PauseAsync(TimeSpan.FromMilliseconds(20));
            var (asked, refused) = Count(at, at + SlotsInSecond);
            if (refused <= asked * FewRefused && Count(at, at + 1).Refused == 0) return (double)(at - slot) / SlotsInSecond;
        }
    }

    private async Task AskAsync(int number)
    {
        var (at, slot, answers) = (session.Clock.GetTimestamp(), Slot, new BucketAnswer[1]);
        BucketCharge[] charges = [new(new("bench/faults", $"client-{number / edges.Count % Buckets}"), Rule, 1, 1, OnFailure.Deny)];
        var edge = edges[number % edges.Count];
        var answer = edge.TryCharge(charges, answers, at) ?? await edge.ChargeAsync(charges, answers);
        var waited = session.Clock.GetTimestamp() - at;
        lock (_slots)
        {
            _longest = Math.Max(_longest, waited);
            while (_slots.Count <= slot) _slots.Add(default);
            _slots[slot] = (_slots[slot].Asked + 1, _slots[slot].Refused + (answer.IsAdmitted ? 0 : 1));
        }
    }
}
