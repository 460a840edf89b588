using System.Globalization;

namespace Drizzle.Engine.Orleans;

/// <summary>How the members of a cluster find each other.</summary>
/// <param name="ConnectionString">Npgsql's, of the database that has the table of the members.</param>
/// <param name="Cluster">Clusters of different names may share a database of members, but not the rest of it.</param>
/// <param name="Tls">Null for connections in the clear.</param>
/// <param name="LocalGateway">The port on this machine at which clients reach the only silo; null where members find each other by the table in the database.</param>
public sealed record SiloCluster(string ConnectionString, string Cluster = "drizzle", SiloTls? Tls = null, int? LocalGateway = null)
{
    /// <summary>Where a silo's clients reach it unless it says otherwise.</summary>
    public const int UsualGateway = 30000;

    // A silo that begins or ends has a thousand things to write, and the database has to serve others too.
    private const int MostConnections = 20;
    private const int MostForMembers = 5;
    private const int UsualMost = 100;

    /// <param name="environment">Answers a variable's name; null where it is not set.</param>
    /// <exception cref="FormatException">A value cannot be used; the message names it.</exception>
    public static SiloCluster From(string connectionString, Func<string, string?> environment)
    {
        string?[] files = [Text("TlsCertFile"), Text("TlsKeyFile"), Text("TlsCaFile")];
        var tls = files switch
        {
            [{ } certificate, { } key, { } authority] => new SiloTls(certificate, key, authority),
            [null, null, null] => null,
            _ => throw new FormatException("TLS between silos and their clients wants all three of Drizzle__Silo__TlsCertFile, Drizzle__Silo__TlsKeyFile and Drizzle__Silo__TlsCaFile."),
        };
        tls?.Check();
        var isLocal = Text("Clustering") switch
        {
            null or "postgres" => false,
            "localhost" => true,
            var other => throw new FormatException($"Drizzle__Silo__Clustering={other}: expected 'postgres', by which silos find each other in the database, or 'localhost', for one silo and its clients on one machine."),
        };
        return new SiloCluster(connectionString, Text("Cluster") ?? "drizzle", tls, isLocal ? Port(environment, "Gateway") ?? UsualGateway : null);

        string? Text(string name) => Setting(environment, name);
    }

    /// <returns>What <c>Drizzle__Silo__Name</c> says; null where it is not set.</returns>
    public static string? Setting(Func<string, string?> environment, string name) => environment($"Drizzle__Silo__{name}") is { Length: > 0 } text ? text : null;

    /// <returns>The port that <c>Drizzle__Silo__Name</c> names; null where it is not set.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static int? Port(Func<string, string?> environment, string name) => Setting(environment, name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port
        : throw new FormatException($"Drizzle__Silo__{name}={text}: expected a port, from 1 to 65535.");

    /// <summary>For what a silo keeps in the database.</summary>
    public string SiloConnectionString
    {
        get
        {
            var builder = new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString);
            if (builder.MaxPoolSize == UsualMost) builder.MaxPoolSize = MostConnections;
            return builder.ConnectionString;
        }
    }

    /// <summary>For Orleans' own tables, which it names without a schema.</summary>
    public string MembersConnectionString => new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = "drizzle", ApplicationName = "drizzle members", MaxPoolSize = MostForMembers }.ConnectionString;
}
