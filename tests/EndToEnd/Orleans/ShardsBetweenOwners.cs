using Npgsql;

namespace Drizzle.EndToEnd.Orleans;

/// <summary>Looks without end at how many shards one silo has left in the database and no other has taken yet.</summary>
internal sealed class ShardsBetweenOwners : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly Task<long> _looking;

    /// <param name="database">A connection string.</param>
    public ShardsBetweenOwners(string database) => _looking = Task.Run(() => LookAsync(database));

    /// <summary>Ends it.</summary>
    /// <returns>The most that were so at once.</returns>
    public async Task<long> MostAsync()
    {
        await _ending.CancelAsync();
        return await _looking;
    }

    public async ValueTask DisposeAsync()
    {
        await MostAsync();
        _ending.Dispose();
    }

    private async Task<long> LookAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT count(*) FROM drizzle.bucket_shards WHERE owner IS NULL", connection);
        var most = 0L;
        while (!_ending.IsCancellationRequested) most = Math.Max(most, (long)(await count.ExecuteScalarAsync())!);
        return most;
    }
}
