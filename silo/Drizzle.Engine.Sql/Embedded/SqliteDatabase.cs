using Drizzle.Contracts.Ports;
using Microsoft.Data.Sqlite;

namespace Drizzle.Engine.Sql.Embedded;

/// <summary>
/// The file and its connections. One writer at a time, by a lock of ours rather than by waiting on SQLite's; readers each on a pooled
/// connection of their own. A commit returns when it is on disk (WAL with synchronous=FULL).
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly FileStream _lock;
    private readonly string _readString;
    private readonly SqliteConnection _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);

    private SqliteDatabase(FileStream ownership, string file)
    {
        _lock = ownership;
        _readString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true }.ConnectionString;
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString);
    }

    public static SqliteDatabase Open(string folder)
    {
        var file = Path.Combine(Path.GetFullPath(folder), "drizzle.db");
        var database = new SqliteDatabase(TakeFolder(Path.GetFullPath(folder)), file);
        try
        {
            Create(file);
            database._writer.Open();
            database._writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;", null);
            Migrations.Run(database._writer);
            return database;
        }
        catch (SqliteException e)
        {
            database.Dispose();
            throw Explain(e, file);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs a read on a connection of its own.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        try
        {
            using var connection = new SqliteConnection(_readString);
            connection.Open();
            return read(connection);
        }
        catch (SqliteException e)
        {
            throw Explain(e, _writer.DataSource);
        }
    }

    /// <summary>Runs a write in a transaction that is committed unless <paramref name="write"/> throws.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            using var transaction = _writer.BeginTransaction(deferred: false);
            var result = write(_writer, transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException e)
        {
            throw Explain(e, _writer.DataSource);
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        using (var connection = new SqliteConnection(_readString)) SqliteConnection.ClearPool(connection);
        _writing.Dispose();
        _lock.Dispose();
    }

    private static FileStream TakeFolder(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
                else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            return new FileStream(Path.Combine(folder, "drizzle.lock"), OwnersAlone(FileMode.OpenOrCreate));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new EngineException($"The data folder {folder} cannot be written: {e.Message} Name another with --data.", e);
        }
        catch (IOException e) when (File.Exists(Path.Combine(folder, "drizzle.lock")))
        {
            throw new EngineException($"The data folder {folder} is in use by another process ({e.Message}) Stop that one or name another folder with --data.", e);
        }
        catch (IOException e)
        {
            throw new EngineException($"The data folder {folder} cannot be written: {e.Message} Name another with --data.", e);
        }
    }

    // SQLite would make the file readable by everybody; its journals take the mode that the file has.
    private static void Create(string file)
    {
        if (File.Exists(file)) return;
        try
        {
            new FileStream(file, OwnersAlone(FileMode.CreateNew)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"{file} cannot be written: {e.Message} Name another folder with --data.", e);
        }
    }

    private static FileStreamOptions OwnersAlone(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static EngineException Explain(SqliteException e, string file) => e.SqliteErrorCode switch
    {
        13 => new($"The disk that holds {file} is full: nothing was written. Free some room and try again.", e),
        10 => new($"Reading or writing {file} failed ({e.Message}): nothing was written. Is the disk full or damaged?", e),
        8 or 14 => new($"{file} cannot be written ({e.Message}). Check its owner and permissions, or name another folder with --data.", e),
        11 or 26 => new($"{file} is damaged or is not a SQLite file ({e.Message}). Restore it from a backup, or name another folder with --data.", e),
        _ => new($"The database {file} failed: {e.Message}", e),
    };
}
