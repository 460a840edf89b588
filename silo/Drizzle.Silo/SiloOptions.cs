using System.Net;
using Drizzle.Engine.Orleans;

namespace Drizzle.Silo;

/// <summary>What one silo is started with.</summary>
/// <param name="Cluster">The database and the cluster.</param>
/// <param name="Address">By which other silos and the clients reach this one.</param>
/// <param name="Port">For other silos.</param>
/// <param name="Gateway">For edges and admins.</param>
/// <param name="Operations">Where health and metrics are served, as a URL.</param>
public sealed record SiloOptions(SiloCluster Cluster, IPAddress Address, int Port, int Gateway, string Operations);
