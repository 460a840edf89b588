using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>A statement's parameter, with its <c>@</c>; null stands for SQL's.</summary>
internal readonly record struct SqlValue(string Name, object? Value)
{
    public static implicit operator SqlValue((string Name, object? Value) pair) => new(pair.Name, pair.Value);
}

/// <summary>
/// The few things that are done with a connection. An object mapper would compile readers at run time and load half a megabyte of
/// types for a dozen statements; it cost about three megabytes of a process that should be small.
/// </summary>
internal static class SqliteCommands
{
    /// <returns>Rows changed.</returns>
    public static int Execute(this SqliteConnection connection, string sql, SqliteTransaction? transaction, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(connection, sql, transaction, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Executes one statement for many, which SQLite reads once.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="transaction">All of it or nothing.</param>
    /// <param name="items">For each of which it is executed.</param>
    /// <param name="names">The statement's parameters.</param>
    /// <param name="valuesOf">The values of one, in the order of the parameters.</param>
    public static void ExecuteEach<T>(this SqliteConnection connection, string sql, SqliteTransaction transaction, IEnumerable<T> items, string[] names, Func<T, object[]> valuesOf)
    {
        using var command = Command(connection, sql, transaction, []);
        foreach (var name in names) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        foreach (var item in items)
        {
            var values = valuesOf(item);
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            command.ExecuteNonQuery();
        }
    }

    public static List<T> Query<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read, SqliteTransaction? transaction, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(connection, sql, transaction, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <returns>The first column of the first row as a number; null where there is none.</returns>
    public static long? Number(this SqliteConnection connection, string sql, SqliteTransaction? transaction, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(connection, sql, transaction, values);
        return command.ExecuteScalar() is long number ? number : null;
    }

    /// <returns>The first column of the first row as text; null where there is none.</returns>
    public static string? Text(this SqliteConnection connection, string sql, SqliteTransaction? transaction, params ReadOnlySpan<SqlValue> values)
    {
        using var command = Command(connection, sql, transaction, values);
        return command.ExecuteScalar() as string;
    }

    /// <summary>As times are kept: ISO 8601 with seven digits of a second and the offset.</summary>
    public static string ToText(this DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(this SqliteDataReader reader, int column) => DateTimeOffset.Parse(reader.GetString(column), CultureInfo.InvariantCulture);

    public static DateTimeOffset? TimeOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Time(column);

    public static string? TextOrNull(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static SqliteCommand Command(SqliteConnection connection, string sql, SqliteTransaction? transaction, ReadOnlySpan<SqlValue> values)
    {
        var command = connection.CreateCommand();
        // Every statement of this folder is a constant; what varies is a parameter.
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var value in values) command.Parameters.AddWithValue(value.Name, value.Value ?? DBNull.Value);
        return command;
    }
}
