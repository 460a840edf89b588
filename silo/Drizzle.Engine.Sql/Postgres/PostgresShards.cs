using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using NpgsqlTypes;
using static Drizzle.Engine.Sql.Postgres.PostgresCommands;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>A silo that holds a part of the buckets, and as which epoch.</summary>
/// <param name="Silo">As <c>address:port@generation</c>.</param>
public sealed record ShardHolder(string Silo, long Epoch);

/// <summary>The answer to who wants to own a part of the buckets.</summary>
/// <param name="Epoch">Of the claim; where nothing was claimed, which the row has.</param>
/// <param name="IsClaimed">False where the row has another epoch than the silo knew of, or there is a rival.</param>
/// <param name="Rival">One that claimed it before, lives, and has not said yet that it has what its predecessor had.</param>
/// <param name="Predecessor">Who goes on leasing from it until it is asked for it; null where nobody does.</param>
/// <param name="IsLost">Whether the one before gave nothing up: it may have granted what nobody knows of.</param>
/// <param name="State">What the one before left in the database; null where it left nothing.</param>
public sealed record ShardClaim(long Epoch, bool IsClaimed, string? Rival, ShardHolder? Predecessor, bool IsLost, byte[]? State);

/// <summary>A shard that its owner gives up, to whoever comes.</summary>
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

    /// <summary>
    /// Names a silo as the owner of a shard, in a new epoch. Where another has it and lives, that one holds it, and may write reserves down, until it is asked for it and
    /// <see cref="SettleAsync"/> says so.
    /// </summary>
    /// <param name="owner">The silo, as <c>address:port@generation</c>.</param>
    /// <param name="cluster">The cluster that the silos are members of.</param>
    /// <param name="seen">The epoch that the row has, as far as is known; 0 where it is not.</param>
    /// <param name="notHeld">An epoch that its silo says it does not hold, and never will; 0 for none.</param>
    /// <exception cref="EngineException">The database does not answer, or the silo was declared dead.</exception>
    public async ValueTask<ShardClaim> ClaimAsync(int shard, string owner, string cluster, long seen, long notHeld, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT epoch, is_claimed, rival, from_owner, from_epoch, coalesce(is_lost, false), state FROM drizzle.claim_shard($1, $2, $3, $4, $5)",
            r => new ShardClaim(r.GetInt64(0), r.GetBoolean(1), r.TextOrNull(2), r.TextOrNull(3) is { } silo ? new(silo, r.GetInt64(4)) : null, r.GetBoolean(5), r.IsDBNull(6) ? null : r.GetFieldValue<byte[]>(6)),
            cancellation, Whole(shard), Text(owner), Text(cluster), Number(seen), Number(notHeld)),
        cancellation))[0];

    /// <summary>Says that an epoch has what its predecessor had, which holds it no more.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask SettleAsync(int shard, long epoch, CancellationToken cancellation) => await _database.RunAsync(
        c => c.ExecuteAsync("UPDATE drizzle.bucket_shards s SET previous_owner = NULL, previous_epoch = NULL WHERE s.shard = $1 AND s.epoch = $2 AND s.previous_epoch IS NOT NULL", cancellation, Whole(shard), Number(epoch)),
        cancellation);

    /// <summary>Gives shards up, those that these epochs still hold.</summary>
    /// <returns>Which they did.</returns>
    /// <exception cref="EngineException">The database does not answer; whether they were given up is not known.</exception>
    public async ValueTask<IReadOnlyList<int>> ReleaseAsync(IReadOnlyList<ShardRelease> released, CancellationToken cancellation) => await _database.ReadAsync(
        c => c.QueryAsync(
            """
            WITH own AS (
              SELECT s.shard, a.state FROM unnest($1, $2, $3) a (shard, epoch, state) JOIN drizzle.bucket_shards s ON s.shard = a.shard AND a.epoch IN (s.epoch, s.previous_epoch)
              WHERE s.owner IS NOT NULL ORDER BY s.shard FOR UPDATE OF s)
            UPDATE drizzle.bucket_shards s SET owner = NULL, previous_owner = NULL, previous_epoch = NULL, state = own.state FROM own WHERE s.shard = own.shard RETURNING s.shard
            """,
            r => r.GetInt32(0), cancellation, Array(NpgsqlDbType.Integer, released.Select(r => r.Shard)), Numbers(released.Select(r => r.Epoch)), Array(NpgsqlDbType.Bytea, released.Select(r => r.State))),
        cancellation);

    /// <summary>Whether an epoch still holds its shard.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<bool> HoldsAsync(int shard, long epoch, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT EXISTS (SELECT 1 FROM drizzle.bucket_shards s WHERE s.shard = $1 AND $2 IN (s.epoch, s.previous_epoch) AND s.owner IS NOT NULL)", r => r.GetBoolean(0), cancellation, Whole(shard), Number(epoch)),
        cancellation))[0];

    /// <summary>Whether a silo is a member that nobody has declared dead.</summary>
    /// <exception cref="EngineException">The database does not answer.</exception>
    public async ValueTask<bool> IsMemberAsync(string silo, string cluster, CancellationToken cancellation) => (await _database.RunAsync(
        c => c.QueryAsync(
            "SELECT drizzle.is_member($2, $1)", r => r.GetBoolean(0), cancellation, Text(silo), Text(cluster)),
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
    /// <returns>False where this epoch holds the shard no more: nothing was written.</returns>
    /// <exception cref="EngineException">The database does not answer; whether they were written is not known.</exception>
    public async ValueTask<bool> ReserveAsync(int shard, long epoch, long sequence, IReadOnlyList<BucketReserve> reserves, CancellationToken cancellation) => await _database.RunAsync(
        c => c.ExecuteAsync(
            """
            WITH mine AS (SELECT 1 FROM drizzle.bucket_shards s WHERE s.shard = $1 AND $2 IN (s.epoch, s.previous_epoch) FOR SHARE)
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
