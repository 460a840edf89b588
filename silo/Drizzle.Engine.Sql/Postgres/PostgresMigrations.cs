using Drizzle.Contracts.Ports;
using Npgsql;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>
/// The schema, step by step, each a file of SQL. Processes that start together wait for the first of them; all steps of one run are one
/// transaction, so that a step that fails leaves the schema as it was.
/// </summary>
internal static class PostgresMigrations
{
    private static readonly string[] Steps = ["0001-configuration", "0002-edges"];

    /// <returns>How many steps were missing.</returns>
    public static async Task<int> RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // The number is ours alone: "drizzle" in ASCII.
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(28271153036094565)", cancellation);
        await connection.ExecuteAsync("CREATE SCHEMA IF NOT EXISTS drizzle; CREATE TABLE IF NOT EXISTS drizzle.migrations (step text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())", cancellation);
        var done = await connection.QueryAsync("SELECT step FROM drizzle.migrations", r => r.GetString(0), cancellation);
        if (done.Except(Steps).FirstOrDefault() is { } unknown)
        {
            throw new EngineException($"The database was written by a newer version of Drizzle (its schema has the step {unknown}). Run that version, or restore a backup.");
        }
        var missing = Steps.Except(done).ToList();
        foreach (var step in missing)
        {
            await connection.ExecuteAsync(Read(step), cancellation);
            await connection.ExecuteAsync("INSERT INTO drizzle.migrations (step) VALUES ($1)", cancellation, PostgresCommands.Text(step));
        }
        await transaction.CommitAsync(cancellation);
        return missing.Count;
    }

    private static string Read(string step)
    {
        using var stream = typeof(PostgresMigrations).Assembly.GetManifestResourceStream(step) ?? throw new InvalidOperationException($"The step {step} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
