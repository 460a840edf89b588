using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Ports;
using Npgsql;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>The buckets in the database, which one function leases from, a batch at a time. A bucket is known there by a digest of its limit and subject.</summary>
internal sealed class PostgresBucketOwner(PostgresDatabase database, TimeProvider clock) : IBucketOwner
{
    // Of a bucket that another batch was making at the same time: it is there now.
    private const long AtOnce = 1;

    public async ValueTask<LeaseAnswers> LeaseAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation)
    {
        var first = await AskAsync(edge, requests, cancellation);
        var again = new List<int>();
        for (var i = 0; i < requests.Count; i++)
        {
            if (requests[i].Ask.Need > 0 && first.Answers[i] is { Granted: 0, RetryAfter: AtOnce }) again.Add(i);
        }
        if (again.Count == 0) return first;
        try
        {
            var second = await AskAsync(edge, [.. again.Select(i => requests[i])], cancellation);
            LeaseAnswer[] answers = [.. first.Answers];
            for (var i = 0; i < again.Count; i++) answers[again[i]] = second.Answers[i];
            return new(answers, second.Edges);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            // What the others were granted is theirs; these ask again.
            return first;
        }
    }

    private ValueTask<LeaseAnswers> AskAsync(string edge, IReadOnlyList<LeaseRequest> requests, CancellationToken cancellation) => database.RunAsync(
        async c =>
        {
            var reports = requests.SelectMany(r => r.Reports).ToArray();
            var sofar = 0;
            return (await c.QueryAsync(
                "SELECT epoch, grant_numbers, granted, levels, retries, edges FROM drizzle.lease($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)", Read, cancellation,
                Text(edge), Nanoseconds(clock), Number(LeaseTerms.Reclaim),
                Array(NpgsqlDbType.Bytea, requests.Select(r => IdOf(r.Bucket))), Texts(requests.Select(r => r.Bucket.Limit)), Texts(requests.Select(r => r.Bucket.Subject)),
                Numbers(requests.Select(r => r.Revision)), Numbers(requests.Select(r => r.Rule.Interval)), Numbers(requests.Select(r => r.Rule.Burst)),
                Numbers(requests.Select(r => r.Ask.Need)), Numbers(requests.Select(r => r.Ask.Want)),
                Array(NpgsqlDbType.Integer, requests.Select(r => sofar += r.Reports.Count)), Numbers(reports.Select(r => r.Grant.Number)), Numbers(reports.Select(r => r.Spent)),
                Array(NpgsqlDbType.Boolean, reports.Select(r => r.IsFinal)))).Single();
        },
        cancellation);

    public async ValueTask<IReadOnlyList<long?>> LevelsAsync(IReadOnlyList<BucketId> buckets, CancellationToken cancellation) => await database.ReadAsync(
        c => c.QueryAsync(
            """
            SELECT least(b.burst, (b.credit + greatest(0, now.ns - b.at)) / b.interval_ns)
            FROM (SELECT coalesce($2, (extract(epoch FROM clock_timestamp()) * 1000000000)::bigint) AS ns) now, unnest($1) WITH ORDINALITY a (id, i) LEFT JOIN drizzle.buckets b ON b.id = a.id
            ORDER BY a.i
            """,
            r => r.IsDBNull(0) ? (long?)null : r.GetInt64(0), cancellation, Array(NpgsqlDbType.Bytea, buckets.Select(IdOf)), Nanoseconds(clock)),
        cancellation);

    public async ValueTask NoteRefusalsAsync(IReadOnlyList<(BucketId Bucket, long Refused)> refusals, CancellationToken cancellation) => await database.RunAsync(
        c => c.ExecuteAsync(
            "SELECT drizzle.note_refusals($1, $2, $3)", cancellation, Nanoseconds(clock), Array(NpgsqlDbType.Bytea, refusals.Select(r => IdOf(r.Bucket))), Numbers(refusals.Select(r => r.Refused))),
        cancellation);

    public async ValueTask<long> ForgetFullAsync(CancellationToken cancellation) =>
        (await database.RunAsync(c => c.QueryAsync("SELECT drizzle.forget_full_buckets($1)", r => r.GetInt64(0), cancellation, Nanoseconds(clock)), cancellation))[0];

    internal static byte[] IdOf(BucketId bucket) => Digest.Of(bucket.Limit, bucket.Subject);

    private static LeaseAnswers Read(NpgsqlDataReader reader)
    {
        var epoch = reader.GetInt64(0);
        var (numbers, granted, levels, retries) = (reader.GetFieldValue<long[]>(1), reader.GetFieldValue<long[]>(2), reader.GetFieldValue<long[]>(3), reader.GetFieldValue<long[]>(4));
        return new([.. numbers.Select((number, i) => new LeaseAnswer(new(epoch, number), granted[i], levels[i], retries[i]))], reader.GetInt32(5));
    }
}
