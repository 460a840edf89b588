using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Drizzle.Testing;

namespace Drizzle.Engine.Sql.Tests;

/// <summary>The owner in the database does what the arithmetic of the contracts does.</summary>
[TestClass]
public sealed class PostgresBucketOwnerTests(TestContext context)
{
    private const long Second = 1_000_000_000;
    private static readonly BucketRule Fast = new(Second / 100, 50);
    private static readonly BucketRule Slow = new(Second, 60);

    private readonly FakeClock _clock = new();

    private CancellationToken Stop => context.CancellationToken;

    private long Now => _clock.GetTimestamp() * 100;

    [TestMethod]
    public async Task Any_sequence_of_leases_and_reports_is_answered_as_the_arithmetic_says()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var engine = await PostgresEngine.OpenAsync(await server.CreateDatabaseAsync(), _clock, Stop);
        var seed = Random.Shared.Next(1_000_000);
        context.WriteLine($"seed {seed}");
        var random = new Random(seed);
        BucketId[] ids = [new("acme/fast", "a"), new("acme/slow", "b"), new("acme/fast", "c")];
        BucketRule[] rules = [Fast, Slow, new(3, 1_000_000)];
        var references = ids.Select((_, i) => LeasedBucket.Full(rules[i], Now)).ToArray();
        var revisions = new long[ids.Length];
        var isMade = new HashSet<int>();
        var grants = new List<(int Bucket, GrantId Real, long Number, long Tokens)>();
        long number = 0;
        for (var step = 0; step < 400; step++)
        {
            if (random.Next(3) > 0) _clock.Advance(TimeSpan.FromTicks(random.NextInt64(random.Next(2) == 0 ? 100_000 : 20_000_000)));
            var edge = $"edge {random.Next(3)}";
            var chosen = Enumerable.Range(0, ids.Length).Where(_ => random.Next(2) == 0).ToArray();
            var requests = new List<LeaseRequest>();
            var expected = new List<LeaseAnswer>();
            foreach (var i in chosen)
            {
                var reports = grants.Where(g => g.Bucket == i && random.Next(3) == 0).Take(4).Select(g => (g.Number, Report: new GrantReport(g.Real, random.NextInt64(g.Tokens + 2), random.Next(2) == 0))).ToArray();
                foreach (var (known, report) in reports) references[i].Report(known, report.Spent, report.IsFinal, Now);
                if (random.Next(20) == 0)
                {
                    revisions[i]++;
                    rules[i] = random.Next(2) == 0 ? Fast : new(Second / random.Next(1, 500), random.Next(1, 300));
                    references[i].Change(rules[i], Now);
                }
                var need = random.Next(5) == 0 ? 0 : random.NextInt64(1, 8);
                // A bucket is made by the first request that asks, full by the rule of that request.
                if (need > 0 && isMade.Add(i)) references[i] = LeasedBucket.Full(rules[i], Now);
                var ask = new LeaseAsk(need, need + random.NextInt64(20));
                expected.Add(need == 0 ? new(default, 0, references[i].Level(Now), 0) : references[i].Lease(new(0, ++number), edge, ask.Need, ask.Want, Now));
                requests.Add(new(ids[i], rules[i], revisions[i], ask, [.. reports.Select(r => r.Report)]));
            }
            var answers = (await engine.BucketOwner.LeaseAsync(edge, requests, Stop)).Answers;
            for (var r = 0; r < chosen.Length; r++)
            {
                var (real, wanted) = (answers[r], expected[r]);
                if (isMade.Contains(chosen[r])) Assert.AreEqual((wanted.Granted, wanted.Level, wanted.RetryAfter), (real.Granted, real.Level, real.RetryAfter), $"seed {seed}, step {step}, {ids[chosen[r]]}, {requests[r].Ask}");
                if (real.Granted > 0) grants.Add((chosen[r], real.Grant, wanted.Grant.Number, real.Granted));
            }
            if (grants.Count > 30) grants.RemoveAt(0);
        }
    }

    [TestMethod]
    public async Task A_crash_empties_what_fills_soon_until_every_lease_has_expired_and_keeps_the_rest()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var engine = await PostgresEngine.OpenAsync(await server.CreateDatabaseAsync(), _clock, Stop);
        BucketId fast = new("acme/fast", ""), slow = new("acme/slow", ""), unseen = new("acme/slow", "unseen");
        Assert.AreEqual((20, 20), (await LeaseAsync(engine, fast, Fast, 20), await LeaseAsync(engine, slow, Slow, 20)));
        await server.CrashAsync();
        await server.RunAsync();
        // Connections of before are broken; who meets one is told, and asks again.
        await Eventually.TrueAsync(() => IsReachableAsync(engine), "the database is found again");
        Assert.AreEqual(0, await LeaseAsync(engine, fast, Fast, 1), "whoever holds leases may still spend them");
        Assert.AreEqual(40, await LeaseAsync(engine, slow, Slow, 40), "what was not granted is still here");
        Assert.AreEqual(0, await LeaseAsync(engine, slow, Slow, 1));
        Assert.AreEqual(60, await LeaseAsync(engine, unseen, Slow, 60), "of this one nothing was ever granted");
        _clock.Advance(TimeSpan.FromMicroseconds(LeaseTerms.Reclaim / 1000));
        Assert.AreEqual(0, await LeaseAsync(engine, fast, Fast, 1), "it is empty then");
        _clock.Advance(TimeSpan.FromSeconds(0.301));
        Assert.AreEqual(30, await LeaseAsync(engine, fast, Fast, 30));
    }

    [TestMethod]
    public async Task An_edges_login_leases_by_the_databases_own_clock()
    {
        await using var server = await PostgresServer.StartAsync();
        var owner = await server.CreateDatabaseAsync();
        await (await PostgresEngine.OpenAsync(owner, TimeProvider.System, Stop)).DisposeAsync();
        await using var edge = PostgresEngine.Connect(await server.CreateLoginAsync(owner, "an_edge", "drizzle_edge"), TimeProvider.System);
        Assert.IsEmpty((await edge.BucketOwner.LeaseAsync("edge", [], Stop)).Answers);
        Assert.AreEqual(20, await LeaseAsync(edge, new("acme/fast", ""), Fast, 20));
        await edge.BucketOwner.ForgetFullAsync(Stop);
        await Assert.ThrowsExactlyAsync<EngineException>(async () => await edge.BucketOwner.LevelsAsync([new("acme/fast", "")], Stop), "whoever looks is an admin");
    }

    [TestMethod]
    public async Task Full_buckets_are_forgotten_and_others_are_not()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var engine = await PostgresEngine.OpenAsync(await server.CreateDatabaseAsync(), _clock, Stop);
        BucketId fast = new("acme/fast", ""), slow = new("acme/slow", "");
        Assert.AreEqual((20, 20), (await LeaseAsync(engine, fast, Fast, 20), await LeaseAsync(engine, slow, Slow, 20)));
        Assert.AreEqual(0L, await engine.BucketOwner.ForgetFullAsync(Stop));
        Assert.AreSequenceEqual(new long?[] { 30, 40, null }, await engine.BucketOwner.LevelsAsync([fast, slow, new("acme/fast", "unseen")], Stop));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.AreEqual(1L, await engine.BucketOwner.ForgetFullAsync(Stop));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.AreEqual(1L, await engine.BucketOwner.ForgetFullAsync(Stop));
        Assert.AreSequenceEqual(new long?[] { null, null }, await engine.BucketOwner.LevelsAsync([fast, slow], Stop));
    }

    private async Task<bool> IsReachableAsync(PostgresEngine engine)
    {
        try
        {
            await engine.BucketOwner.ForgetFullAsync(Stop);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <returns>How many were granted.</returns>
    private async Task<long> LeaseAsync(PostgresEngine engine, BucketId id, BucketRule rule, long tokens) =>
        (await engine.BucketOwner.LeaseAsync("edge", [new(id, rule, 1, new(tokens, tokens), [])], Stop)).Answers[0].Granted;
}
