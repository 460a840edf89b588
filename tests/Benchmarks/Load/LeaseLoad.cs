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
            var times = new List<double>();
            var grants = new Dictionary<BucketId, GrantId>();
            long leases = 0;
            for (var start = caller * batch; session.Clock.GetTimestamp() < until; start = (start + (callers * batch)) % (ids.Length - batch))
            {
                var requests = ids.AsSpan(start, batch).ToArray()
                    .Select(id => new LeaseRequest(id with { Limit = $"{id.Limit}/{rule.Burst}" }, rule, 1, new(1, 10), grants.Remove(id, out var grant) ? [new(grant, 10, true)] : [])).ToArray();
                var sentAt = session.Clock.GetTimestamp();
                var answers = (await owner.LeaseAsync($"edge {caller}", requests, session.Stop)).Answers;
                times.Add(session.Clock.GetElapsedTime(sentAt).TotalMilliseconds);
                for (var i = 0; i < batch; i++) grants[requests[i].Bucket] = answers[i].Grant;
                leases += answers.Count(a => a.Granted > 0);
                if (pause is { } rest) await session.PauseAsync(rest);
            }
            return (Leases: (double)leases, Times: times);
        })));
        return (results.Sum(r => r.Leases), [.. results.SelectMany(r => r.Times).Order()]);
    }
}
