using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>The answer to who wants to own a part of the buckets.</summary>
/// <param name="Epoch">Of the claim; where there is a holder, of its.</param>
/// <param name="Holder">The silo that holds it and is not known to be dead; null where it was claimed.</param>
/// <param name="IsLost">Whether the one before gave nothing up: it may have granted what nobody knows of.</param>
/// <param name="WasGivenUp">Whether that was the epoch that its holder says it does not hold: it grants no more.</param>
/// <param name="State">What the one before left; null where it left nothing.</param>
public sealed record ShardClaim(long Epoch, string? Holder, bool IsLost, bool WasGivenUp, byte[]? State);

/// <summary>A shard that its owner gives up.</summary>
/// <param name="State">What the next owner goes on with; null for nothing.</param>
public sealed record ShardRelease(int Shard, long Epoch, byte[]? State);

/// <summary>What is surely left of a bucket that fills slowly, whatever its owner grants before it writes again.</summary>
/// <param name="Credit">Nanoseconds of refill at the instant of writing.</param>
/// <param name="Most">Nanoseconds of refill at any later instant, before another owner begins.</param>
public sealed record BucketReserve(BucketId Bucket, BucketRule Rule, long Revision, long Credit, long Most);

/// <summary>Which silo owns which buckets, and what of them is written down: the tables that silos agree by.</summary>
public sealed class PostgresShards
{
    private readonly PostgresDatabase _database;

    internal PostgresShards(PostgresDatabase database) => _database = database;

    /// <param name="owner">The silo, as <c>address:port@generation</c>.</param>
    /// <param name="cluster">The cluster that the silos are members of.</param>
    /// <param name="givenUp">An epoch that its holder says it does not hold; 0 for none.</param>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<ShardClaim> ClaimAsync(int shard, string owner, string cluster, long givenUp, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT epoch, holder, is_lost, was_given_up, state FROM drizzle.claim_shard($1, $2, $3, $4)",
            r => new ShardClaim(r.GetInt64(0), r.TextOrNull(1), r.GetBoolean(2), r.GetBoolean(3), r.IsDBNull(4) ? null : r.GetFieldValue<byte[]>(4)),
            cancellation, Whole(shard), Text(owner), Text(cluster), Number(givenUp)),
        cancellation))[0];

    /// <summary>Gives shards up, those that still are the owner's as these epochs.</summary>
    /// <returns>Which they were.</returns>
    /// <exception cref="EngineException">The database does not answer; whether they were given up is not known.</exception>
    public async ValueTask<IReadOnlyList<int>> ReleaseAsync(string owner, IReadOnlyList<ShardRelease> released, CancellationToken cancellation) => await _database.ReadAsync(
        c => c.QueryAsync(
            """
            WITH own AS (
              SELECT s.shard, a.state FROM unnest($2, $3, $4) a (shard, epoch, state) JOIN drizzle.bucket_shards s ON s.shard = a.shard AND s.epoch = a.epoch AND s.owner = $1
              ORDER BY s.shard FOR UPDATE OF s)
            UPDATE drizzle.bucket_shards s SET owner = NULL, state = own.state FROM own WHERE s.shard = own.shard RETURNING s.shard
            """,
            r => r.GetInt32(0), cancellation, Text(owner), Array(NpgsqlDbType.Integer, released.Select(r => r.Shard)), Numbers(released.Select(r => r.Epoch)), Array(NpgsqlDbType.Bytea, released.Select(r => r.State))),
        cancellation);

    /// <summary>Whether a shard is still a silo's, as this epoch.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<bool> IsOwnerAsync(int shard, string owner, long epoch, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT EXISTS (SELECT 1 FROM drizzle.bucket_shards s WHERE s.shard = $1 AND s.owner = $2 AND s.epoch = $3)",
            r => r.GetBoolean(0), cancellation, Whole(shard), Text(owner), Number(epoch)),
        cancellation))[0];

    /// <summary>Whether a silo is a member that nobody has declared dead.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<bool> IsMemberAsync(string silo, string cluster, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT EXISTS (SELECT 1 FROM drizzle.OrleansMembershipTable m WHERE m.DeploymentId = $2 AND m.Address || ':' || m.Port || '@' || m.Generation = $1 AND m.Status <> 6)",
            r => r.GetBoolean(0), cancellation, Text(silo), Text(cluster)),
        cancellation))[0];

    /// <summary>Stands from now on in the table of members as the only silo. Those that have not renewed their rows are dead then.</summary>
    /// <returns>A silo that is at work there; null where there was none.</returns>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<string?> EnterAloneAsync(string silo, string cluster, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT drizzle.enter_alone($2, split_part(a.address, ':', 1), split_part(a.address, ':', 2)::int, a.generation::int) FROM (SELECT split_part($1, '@', 1) AS address, split_part($1, '@', 2) AS generation) a",
            r => r.TextOrNull(0), cancellation, Text(silo), Text(cluster)),
        cancellation))[0];

    /// <summary>Before a silo joins others: what a silo that was the only one has left there is dead.</summary>
    /// <returns>That one, where it is at work; null where none is.</returns>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<string?> EnterAmongAsync(string cluster, CancellationToken cancellation) =>
        (await _database.RunAsync(c => c.QueryAsync("SELECT drizzle.enter_among($1)", r => r.TextOrNull(0), cancellation, Text(cluster)), cancellation))[0];

    /// <summary>Says that the only silo is still there.</summary>
    /// <returns>False where another has taken its place.</returns>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public ValueTask<bool> RenewAloneAsync(string silo, string cluster, CancellationToken cancellation) => SayAloneAsync("IAmAliveTime = clock_timestamp()", silo, cluster, cancellation);

    /// <summary>Says that the only silo has ended.</summary>
    /// <returns>False where another has taken its place.</returns>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public ValueTask<bool> LeaveAloneAsync(string silo, string cluster, CancellationToken cancellation) => SayAloneAsync("Status = 6", silo, cluster, cancellation);

    private async ValueTask<bool> SayAloneAsync(string what, string silo, string cluster, CancellationToken cancellation) => await _database.RunAsync(
        c => c.ExecuteAsync(
            $"UPDATE drizzle.OrleansMembershipTable m SET {what} WHERE m.DeploymentId = $2 AND m.Address || ':' || m.Port || '@' || m.Generation = $1 AND m.Status <> 6",
            cancellation, Text(silo), Text(cluster)),
        cancellation) == 1;

    /// <summary>Writes reserves down; of each bucket the one with the highest epoch and number counts.</summary>
    /// <returns>False where this epoch of the shard is over: nothing was written.</returns>
    /// <exception cref="EngineException">The database does not answer; whether they were written is not known.</exception>
    public async ValueTask<bool> ReserveAsync(int shard, long epoch, long sequence, IReadOnlyList<BucketReserve> reserves, CancellationToken cancellation) => await _database.RunAsync(
        c => c.ExecuteAsync(
            """
            WITH mine AS (SELECT 1 FROM drizzle.bucket_shards s WHERE s.shard = $1 AND s.epoch = $2 FOR SHARE)
            INSERT INTO drizzle.bucket_reserves AS r (id, shard, name, subject, revision, interval_ns, burst, credit, most, at, owner_epoch, sequence)
              SELECT a.id, $1, a.name, a.subject, a.revision, a.interval_ns, a.burst, a.credit, a.most, clock_timestamp(), $2, $3
              FROM mine, unnest($4, $5, $6, $7, $8, $9, $10, $11) a (id, name, subject, revision, interval_ns, burst, credit, most) ORDER BY a.id
              ON CONFLICT (id) DO UPDATE SET shard = excluded.shard, revision = excluded.revision, interval_ns = excluded.interval_ns, burst = excluded.burst, credit = excluded.credit,
                most = excluded.most, at = excluded.at, owner_epoch = excluded.owner_epoch, sequence = excluded.sequence
              WHERE (r.owner_epoch, r.sequence) < (excluded.owner_epoch, excluded.sequence)
            """,
            cancellation, Whole(shard), Number(epoch), Number(sequence), Array(NpgsqlDbType.Bytea, reserves.Select(r => PostgresBucketOwner.IdOf(r.Bucket))),
            Texts(reserves.Select(r => r.Bucket.Limit)), Texts(reserves.Select(r => r.Bucket.Subject)), Numbers(reserves.Select(r => r.Revision)),
            Numbers(reserves.Select(r => r.Rule.Interval)), Numbers(reserves.Select(r => r.Rule.Burst)), Numbers(reserves.Select(r => r.Credit)), Numbers(reserves.Select(r => r.Most))),
        cancellation) > 0;

    /// <summary>The reserves of a shard with what has been refilled since they were written.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<IReadOnlyList<BucketReserve>> ReservesAsync(int shard, CancellationToken cancellation) => await _database.ReadAsync(
        c => c.QueryAsync(
            """
            SELECT name, subject, interval_ns, burst, revision,
              least(most, credit + least(greatest(0, extract(epoch FROM clock_timestamp() - at)), 1000000000) * 1000000000)::bigint, most
            FROM drizzle.bucket_reserves WHERE shard = $1
            """,
            r => new BucketReserve(new(r.GetString(0), r.GetString(1)), new(r.GetInt64(2), r.GetInt64(3)), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6)), cancellation, Whole(shard)),
        cancellation);

    /// <summary>Forgets reserves of buckets that must be full again: what was reserved is granted soon, or not at all.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<long> ForgetAsync(CancellationToken cancellation) => await _database.RunAsync(
        c => c.ExecuteAsync(
            "DELETE FROM drizzle.bucket_reserves WHERE at < clock_timestamp() - interval '1 minute' AND extract(epoch FROM clock_timestamp() - at) - 60 > interval_ns::float8 * burst / 1000000000", cancellation),
        cancellation);
}
