using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Simulation;

/// <summary>An edge: the real held buckets behind a process that may stand still or crash.</summary>
internal sealed class SimulatedEdge(int number, BucketRule[] rules, int largestCost, DriftingClock clock)
{
    private const int MostWaiting = 100;

    private HeldBucket[] _buckets = Make(rules.Length, clock.At(0));
    private readonly long[] _sequences = new long[rules.Length];
    private readonly LeaseMessage?[] _underway = new LeaseMessage?[rules.Length];
    private long _epoch = 1;

    public int Number => number;

    public DriftingClock Clock => clock;

    /// <summary>True time until which it stands still.</summary>
    public long PausedUntil { get; set; }

    /// <summary>True time at which it asks again after a rest.</summary>
    public long WakesAt { get; set; }

    public WaitingRequests Waiting { get; } = new(rules.Length, largestCost);

    public long Admitted { get; private set; }

    public long Refused { get; private set; }

    /// <summary>How long its owner is left alone about something that requests wait for; 0 where nothing waits for that.</summary>
    public long RestsFor(long now)
    {
        var (least, local) = (0L, clock.At(now));
        for (var i = 0; i < _buckets.Length; i++)
        {
            var rest = _buckets[i].RestsUntil - local;
            if (rest > 0 && !_buckets[i].IsAsking && Waiting.Of(i).All > 0 && (least == 0 || rest < least)) least = rest;
        }
        return least;
    }

    public void Crash(long now)
    {
        _buckets = Make(rules.Length, clock.At(now));
        Array.Clear(_underway);
        // What was under way is of another life.
        for (var i = 0; i < rules.Length; i++) _sequences[i] += 1000;
        Waiting.Clear();
    }

    /// <summary>A request has waited for too long, or is told that there is nothing, or there is no room for it.</summary>
    public void Refuse(WaitingRequest request, long now)
    {
        Refused += request.Cost;
        for (var i = 0; i < request.Buckets; i++) _buckets[i].Missed(request.Cost, clock.At(now));
    }

    /// <summary>Takes from all its buckets or from none.</summary>
    /// <returns>Null where the owner is to be asked.</returns>
    public bool? TryAdmit(int bucketCount, long cost, long now)
    {
        var local = clock.At(now);
        var taken = new HeldGrant[bucketCount];
        for (var i = 0; i < bucketCount; i++)
        {
            if (_buckets[i].TryReserve(cost, local) is { } grant)
            {
                taken[i] = grant;
                continue;
            }
            for (var j = 0; j < i; j++) taken[j].Cancel(cost);
            return local < _buckets[i].RetryAt(cost) ? false : null;
        }
        foreach (var grant in taken) grant.Commit(cost);
        Admitted += cost;
        return true;
    }

    public void Wait(WaitingRequest request, long now)
    {
        if (Waiting.Count < MostWaiting) Waiting.Add(request);
        else Refuse(request, now);
    }

    /// <summary>What it wants to send now.</summary>
    public IEnumerable<LeaseMessage> Ask(long now)
    {
        for (var i = 0; i < rules.Length; i++)
        {
            var (all, smallest, largest) = Waiting.Of(i);
            if (_buckets[i].WhatToAsk(clock.At(now), all, smallest, largest) is not { } ask) continue;
            var message = new LeaseMessage(number, i, ++_sequences[i], ask, _buckets[i].Send(clock.At(now)), clock.At(now));
            _underway[i] = message;
            yield return message;
        }
    }

    /// <returns>Whether it is the answer that is waited for.</returns>
    public bool Answered(LeaseMessage message, LeaseAnswer answer, long now)
    {
        if (!ReferenceEquals(_underway[message.Bucket], message)) return false;
        _underway[message.Bucket] = null;
        if (answer.Grant.Epoch != _epoch)
        {
            _epoch = answer.Grant.Epoch;
            foreach (var bucket in _buckets) bucket.OwnerChanged();
        }
        _buckets[message.Bucket].Answered(answer, message.Ask, message.Reports, message.SentAt, rules[message.Bucket], clock.At(now));
        return true;
    }

    public void TimedOut(LeaseMessage message)
    {
        if (!ReferenceEquals(_underway[message.Bucket], message)) return;
        _underway[message.Bucket] = null;
        _buckets[message.Bucket].Lost();
    }

    private static HeldBucket[] Make(int count, long now) => [.. Enumerable.Range(0, count).Select(_ => new HeldBucket(now))];
}
