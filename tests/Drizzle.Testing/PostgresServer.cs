using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Drizzle.Testing;

/// <summary>
/// A PostgreSQL of the tests' own: a new cluster in a temporary folder, on a free port of the loopback, with a password. It ends with this object,
/// and with this process however that ends. As root it runs as the user postgres, because PostgreSQL refuses root.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string User = "drizzle_test";
    // Runs the server until it ends or our end of its standard input closes, which it does however this process ends. SIGQUIT: at once, without flushing.
    private const string Guard = """
        exec 3<&0
        "$@" </dev/null 3<&- & server=$!
        { read -r _ <&3; kill -QUIT $server; } >/dev/null 2>&1 &
        wait $server
        """;

    private const int MostDeadlocks = 5;

    private static readonly string Password = Guid.NewGuid().ToString("N");

    // To make a cluster costs more than a second of a processor, to copy it a tenth.
    private static readonly Lazy<Task<string>> Template = new(InitializeAsync);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder _folder;
    private readonly int _port;
    private Process? _process;
    private int _databases;

    private PostgresServer(TestFolder folder, int port)
    {
        _folder = folder;
        _port = port;
    }

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer(new TestFolder(), FreePort.Next());
        try
        {
            await EndAsync(Start(["cp", "-a", await Template.Value, server.Data]));
            if (Environment.IsPrivilegedProcess) await EndAsync(Start(["chown", "postgres", server._folder.Path]));
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await QueryAsync(ConnectionString("postgres"), $"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>A login that has a role, where one is named, and no other right.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateLoginAsync(string database, string name, string? role = null)
    {
        await QueryAsync(database, $"CREATE ROLE {name} LOGIN PASSWORD 'test'{(role is null ? "" : $" IN ROLE {role}")}");
        return new NpgsqlConnectionStringBuilder(database) { Username = name, Password = "test" }.ConnectionString;
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    /// <param name="database">A connection string.</param>
    /// <returns>The first value of its first row; null where there is none.</returns>
    public static async Task<object?> QueryAsync(string database, string sql, CancellationToken cancellation = default)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Lets a table be read and not be written, until what is returned is disposed.</summary>
    public static async Task<IAsyncDisposable> HoldAsync(string database, string table)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        // Nobody commits it: it ends with the connection.
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"LOCK TABLE {table} IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>As by <c>kill -9</c> of all its processes: nothing is flushed, and a start recovers from the log.</summary>
    public async Task CrashAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again on the same port with the same data.</summary>
    public async Task RunAsync()
    {
        _process = Start(["bash", "-c", Guard, "bash", .. Command("postgres"), "-D", Data, "-c", "listen_addresses=127.0.0.1", "-p", $"{_port}", "-c", "unix_socket_directories=", "-c", "max_connections=300", "-c", "shared_buffers=64MB"]);
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!await AcceptsAsync())
        {
            if (_process.HasExited) throw new InvalidOperationException($"PostgreSQL ended: {await _process.StandardError.ReadToEndAsync()}");
            if (TimeProvider.System.GetElapsedTime(startedAt) > Patience) throw new TimeoutException("PostgreSQL does not accept connections.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Backs a database up as its operators would, with pg_dump.</summary>
    public Task BackUpAsync(string connectionString) => EndAsync(Start([.. Command("pg_dump"), "--format=custom", $"--file={_folder.File("backup")}", UrlOf(connectionString)]));

    /// <summary>Puts the backup in the place of what there is, while others use it. Where PostgreSQL ends it for a deadlock with one of them, nothing has happened, and it begins again as its operator would.</summary>
    public async Task RestoreAsync(string connectionString)
    {
        for (var left = MostDeadlocks; ; left--)
        {
            try
            {
                await EndAsync(Start([.. Command("pg_restore"), "--clean", "--if-exists", "--single-transaction", $"--dbname={UrlOf(connectionString)}", _folder.File("backup")]));
                return;
            }
            catch (InvalidOperationException e) when (left > 0 && e.Message.Contains("deadlock detected", StringComparison.Ordinal))
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await CrashAsync();
        _folder.Dispose();
    }

    private string UrlOf(string connectionString) => $"postgresql://{User}:{Password}@127.0.0.1:{_port}/{new NpgsqlConnectionStringBuilder(connectionString).Database}";

    private string Data => _folder.File("cluster");

    private string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = _port, Username = User, Password = Password, Database = database, MaxPoolSize = 40, Timeout = 5 }.ConnectionString;

    /// <returns>The folder of a cluster that is never started, gone with this process.</returns>
    private static async Task<string> InitializeAsync()
    {
        var folder = new TestFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        var passwordFile = folder.File("password");
        await File.WriteAllTextAsync(passwordFile, Password);
        if (Environment.IsPrivilegedProcess) await EndAsync(Start(["chown", "-R", "postgres", folder.Path]));
        await EndAsync(Start([.. Command("initdb"), "-D", folder.File("cluster"), "-U", User, "-A", "scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C", "--no-sync"]));
        return folder.File("cluster");
    }

    /// <summary>A program of PostgreSQL's, as a user that it accepts.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed.</exception>
    private static string[] Command(string program)
    {
        var file = Find(program) ?? throw new InvalidOperationException("These tests need PostgreSQL: install the package postgresql.");
        return Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", file] : [file];
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })
        ?? throw new InvalidOperationException($"{command[0]} does not start.");

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(d => Path.Combine(d, "bin")) : [])
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task EndAsync(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var said = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience, TimeProvider.System);
            await process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
            if (process.ExitCode != 0) throw new InvalidOperationException($"{process.StartInfo.FileName} failed: {await said}");
        }
    }

    private async Task<bool> AcceptsAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
