using System.Net.Sockets;
using Drizzle.Contracts.Ports;
using Npgsql;

namespace Drizzle.Engine.Sql.Postgres;

/// <summary>The pool of connections, and what goes wrong with them, said in a sentence that never holds the password.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _pool;
    private readonly string _listening;
    private readonly string _name;

    /// <param name="connectionString">Npgsql's, such as <c>Host=db;Username=drizzle;Password=…;Database=drizzle</c>.</param>
    /// <exception cref="EngineException">It cannot be read.</exception>
    public PostgresDatabase(string connectionString)
    {
        var builder = Parse(connectionString);
        builder.ApplicationName ??= "drizzle";
        // Compiling a query takes longer than any of ours, and on ten edges at once a second.
        builder.Options = $"-c jit=off {builder.Options}";
        // A connection goes back as it came: nothing here changes its settings.
        builder.NoResetOnClose = true;
        if (builder.MaxAutoPrepare == 0) builder.MaxAutoPrepare = 20;
        builder.TcpKeepAlive = true;
        builder.TcpKeepAliveTime = 10;
        builder.TcpKeepAliveInterval = 5;
        _name = $"{builder.Host}:{builder.Port}/{builder.Database}";
        _pool = NpgsqlDataSource.Create(builder);
        builder.Pooling = false;
        _listening = builder.ConnectionString;
    }

    /// <exception cref="EngineException">The database is away, or refuses; nothing was done, or, where a write was under way, nobody knows.</exception>
    public async ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            T result;
            await using (var connection = await _pool.OpenConnectionAsync(cancellation)) result = await work(connection);
            // This may be the thread that waits for sockets, and what the caller does with a document takes long.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return result;
        }
        catch (Exception e) when (IsOurs(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>A read, or what changes nothing when it is repeated, which is tried once more where its connection turns out to be one that has died in the pool.</summary>
    /// <exception cref="EngineException">The database is away, or refuses.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(work, cancellation);
        }
        catch (EngineException e) when (e.InnerException is NpgsqlException { IsTransient: true } or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown })
        {
            return await RunAsync(work, cancellation);
        }
    }

    /// <summary>Listens on a connection outside the pool until it breaks or is cancelled.</summary>
    /// <param name="channel">A name of ours.</param>
    /// <param name="wake">Called once listening has begun, and after each notification.</param>
    /// <exception cref="EngineException">The connection broke, or there was none.</exception>
    public async Task ListenAsync(string channel, Action wake, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(_listening);
            connection.Notification += (_, _) => wake();
            await connection.OpenAsync(cancellation);
            await using (var listen = new NpgsqlCommand($"LISTEN {channel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
            wake();
            // In turns of a second, which ask nothing of the database: whether a wait that has just begun hears of a cancellation is the driver's to know.
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                await connection.WaitAsync(Turn, cancellation);
            }
        }
        catch (Exception e) when (IsOurs(e))
        {
            throw Explain(e);
        }
    }

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(text);
            return builder.Host is null ? throw new EngineException("The connection string of PostgreSQL names no Host.") : builder;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // The message may quote a part of the text, which may be the password.
            throw new EngineException("The connection string of PostgreSQL cannot be read; it looks like Host=db;Username=drizzle;Password=…;Database=drizzle.");
        }
    }

    private static bool IsOurs(Exception e) => e is NpgsqlException or SocketException or TimeoutException or IOException;

    private EngineException Explain(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused => new($"PostgreSQL {_name} refuses the login: {refused.MessageText}", e),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => new($"PostgreSQL {_name}: this login may not do that ({denied.MessageText}). Grant it drizzle_edge or drizzle_admin, or use the owner's where the schema is to be changed.", e),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => new($"PostgreSQL {_name}: {missing.MessageText}. Create it: createdb.", e),
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction } => new($"PostgreSQL {_name} has no schema of Drizzle's yet: start 'drizzle admin', which makes it.", e),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new($"The disk of PostgreSQL {_name} is full: nothing was written.", e),
        PostgresException other => new($"PostgreSQL {_name} failed: {other.MessageText} ({other.SqlState})", e),
        _ => new($"PostgreSQL {_name} cannot be reached: {e.Message}", e),
    };
}
