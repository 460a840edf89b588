using Npgsql;
using NpgsqlTypes;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>Commands with positional parameters.</summary>
internal static class PostgresCommands
{
    public static async Task<List<T>> QueryAsync<T>(this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
        return rows;
    }

    /// <returns>How many rows were changed.</returns>
    public static async Task<int> ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public static NpgsqlParameter Text(string? value) => Of(NpgsqlDbType.Text, value);

    public static NpgsqlParameter Texts(IEnumerable<string> values) => Array(NpgsqlDbType.Text, values);

    public static NpgsqlParameter Numbers(IEnumerable<long> values) => Array(NpgsqlDbType.Bigint, values);

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) => Of(NpgsqlDbType.Array | type, values.ToArray());

    public static NpgsqlParameter Number(long value) => Of(NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter NumberOrNull(long? value) => Of(NpgsqlDbType.Bigint, value);

    public static NpgsqlParameter Whole(int value) => Of(NpgsqlDbType.Integer, value);

    public static NpgsqlParameter Bytes(byte[]? value) => Of(NpgsqlDbType.Bytea, value);

    public static NpgsqlParameter Identifier(Guid value) => Of(NpgsqlDbType.Uuid, value);

    public static NpgsqlParameter Day(DateOnly value) => Of(NpgsqlDbType.Date, value);

    public static NpgsqlParameter Flag(bool value) => Of(NpgsqlDbType.Boolean, value);

    public static NpgsqlParameter Json(string? value) => Of(NpgsqlDbType.Jsonb, value);

    public static NpgsqlParameter Time(DateTimeOffset? value) => Of(NpgsqlDbType.TimestampTz, value?.ToUniversalTime());

    /// <summary>The database's clock decides, unless this process was given another to go by.</summary>
    public static NpgsqlParameter Now(TimeProvider clock) => Time(ReferenceEquals(clock, TimeProvider.System) ? null : clock.GetUtcNow());

    /// <summary>The same, in nanoseconds since 1970.</summary>
    public static NpgsqlParameter Nanoseconds(TimeProvider clock) =>
        Of(NpgsqlDbType.Bigint, ReferenceEquals(clock, TimeProvider.System) ? null : clock.UnixNanoseconds());

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Of(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
