namespace Drizzle.Engine.Orleans;

/// <summary>How the members of a cluster find each other.</summary>
/// <param name="ConnectionString">Npgsql's, of the database that has the table of the members.</param>
/// <param name="Cluster">Clusters of different names may share a database of members, but not the rest of it.</param>
public sealed record SiloCluster(string ConnectionString, string Cluster = "drizzle")
{
    /// <summary>For Orleans' own tables, which it names without a schema.</summary>
    public string MembersConnectionString => new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString) { SearchPath = "drizzle", ApplicationName = "drizzle members" }.ConnectionString;
}
