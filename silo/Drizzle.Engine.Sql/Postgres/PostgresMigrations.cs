using Drizzle.Contracts.Ports;
using Npgsql;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>
/// The schema, step by step, each a file of SQL. Processes that start together wait for the first of them; all steps of one run are one
/// transaction, so that a step that fails leaves the schema as it was.
/// </summary>
internal static class PostgresMigrations
{
    private static readonly string[] Steps = ["0001-configuration", "0002-edges", "0003-roles", "0004-accounts", "0005-buckets", "0006-ledger", "0007-silos", "0008-traffic", "0009-lease-plans", "0010-lone-silo", "0011-lone-silo-beside-others", "0012-shards-go-over"];

    /// <returns>How many steps were missing.</returns>
    public static async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // Where nothing is missing no right to change anything is needed.
        if (await DoneAsync(connection, cancellation) is { Count: > 0 } known && Missing(known).Count == 0) return 0;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The number is ours alone: "drizzle" in ASCII.
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(28271153036094565)", cancellation);
        await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS drizzle; CREATE TABLE IF NOT EXISTS drizzle.migrations (step text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())", cancellation);
        var missing = Missing(await DoneAsync(connection, cancellation));
        foreach (var step in missing)
        {
            await connection.ExecuteAsync(Read(step), cancellation);
            await connection.ExecuteAsync("INSERT INTO drizzle.migrations (step) VALUES ($1)", cancellation, PostgresCommands.Text(step));
        }
        await transaction.CommitAsync(cancellation);
        return missing.Count;
    }

    /// <returns>The steps that were made; none where there is no schema.</returns>
    private static async Task<List<string>> DoneAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var isThere = await connection.QueryAsync("SELECT to_regclass('drizzle.migrations') IS NOT NULL", r => r.GetBoolean(0), cancellation);
        return isThere[0] ? await connection.QueryAsync("SELECT step FROM drizzle.migrations", r => r.GetString(0), cancellation) : [];
    }

    /// <exception cref="EngineException">A step was made that is not known here.</exception>
    private static List<string> Missing(List<string> done) => done.Except(Steps).FirstOrDefault() is { } unknown
        ? throw new EngineException($"The database was written by a newer version of Drizzle (its schema has the step {unknown}). Run that version, or restore a backup.")
        : [.. Steps.Except(done)];

    private static string Read(string step)
    {
        using var stream = typeof(PostgresMigrations).Assembly.GetManifestResourceStream(step) ?? throw new InvalidOperationException($"The step {step} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
