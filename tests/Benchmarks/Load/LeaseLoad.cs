using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;

namespace Drizzle.Benchmarks.Load;

/// <summary>Leases from an owner of buckets, in batches, each with a report of the lease before.</summary>
internal static class LeaseLoad
{
    public const int Batch = 256;

    /// <param name="callers">Each asks again as soon as it is answered.</param>
    /// <param name="pause">Of each caller after an answer; none when null.</param>
    /// <param name="batch">How many buckets a call is about.</param>
    /// <returns>Leases that were granted, and how long the calls took in milliseconds, sorted.</returns>
    public static async Task<(double Leases, List<double> Times)> RunAsync(IBucketOwner owner, BucketId[] ids, BucketRule rule, int callers, TimeSpan time, Session session, TimeSpan? pause = null, int batch = Batch)
    {
        var until = session.Clock.GetTimestamp() + (long)(time.TotalSeconds * session.Clock.TimestampFrequency);
        var results = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var (times, leases, calls) = (new List<double>(), 0L, new Calls(owner, ids, rule, batch, $"edge {caller}", session));
            for (var number = caller; session.Clock.GetTimestamp() < until; number += callers)
            {
                var (granted, took) = await calls.CallAsync(number);
                leases += granted;
                times.Add(took);
                if (pause is { } rest) await session.PauseAsync(rest);
            }
            return (Leases: (double)leases, Times: times);
        })));
        return (results.Sum(r => r.Leases), [.. results.SelectMany(r => r.Times).Order()]);
    }

    /// <summary>As <see cref="RunAsync"/>, by one caller that calls at a steady rate, whether the calls before have been answered or not.</summary>
    public static async Task<(double Leases, List<double> Times)> RunSteadyAsync(IBucketOwner owner, BucketId[] ids, BucketRule rule, int callsPerSecond, TimeSpan time, Session session, int batch)
    {
        var (times, leases, calls) = (new List<double>(), 0L, new Calls(owner, ids, rule, batch, "edge 0", session));
        using var ending = new CancellationTokenSource(time, session.Clock);
        await SteadyRate.RunAsync(callsPerSecond, async number =>
        {
            var (granted, took) = await calls.CallAsync(number);
            lock (times)
            {
                leases += granted;
                times.Add(took);
            }
        }, session, ending.Token);
        return (leases, [.. times.Order()]);
    }

    /// <summary>Calls for one bucket after the other, from the first again after the last.</summary>
    private sealed class Calls(IBucketOwner owner, BucketId[] ids, BucketRule rule, int batch, string edge, Session session)
    {
        private readonly BucketId[] _ids = [.. ids.Select(id => id with { Limit = $"{id.Limit}/{rule.Burst}" })];

        // Of each bucket the one that is to be reported next; no call is about buckets of another that is under way.
        private readonly GrantId?[] _grants = new GrantId?[ids.Length];

        /// <returns>How many leases were granted, and how many milliseconds it took.</returns>
        public async Task<(int Granted, double Took)> CallAsync(int number)
        {
            var start = (int)((long)number * batch % (_ids.Length - batch));
            var requests = new LeaseRequest[batch];
            for (var i = 0; i < batch; i++) requests[i] = new(_ids[start + i], rule, 1, new(1, 10), _grants[start + i] is { } grant ? [new(grant, 10, true)] : []);
            var sentAt = session.Clock.GetTimestamp();
            var answers = (await owner.LeaseAsync(edge, requests, session.Stop)).Answers;
            var took = session.Clock.GetElapsedTime(sentAt).TotalMilliseconds;
            for (var i = 0; i < batch; i++) _grants[start + i] = answers[i].Grant;
            return (answers.Count(a => a.Granted > 0), took);
        }
    }
}
