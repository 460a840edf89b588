using System.Globalization;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Snapshots;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace Drizzle.Edge.Upstreams;

/// <summary>Gives YARP's probes the services that want them. YARP writes a destination's active health; balancers read it.</summary>
internal sealed class ActiveProbes(IActiveHealthCheckMonitor monitor, IClusterDestinationsUpdater updater, IEnumerable<IClusterChangeListener> listeners)
{
    private readonly IClusterChangeListener[] _listeners = [.. listeners];

    /// <summary>YARP starts no probe before it was asked to check once.</summary>
    public Task StartAsync() => monitor.CheckHealthAsync([]);

    /// <summary>Starts probing what is new and stops what is gone; a service that did not change goes on as it was.</summary>
    public void Replace(TenantSnapshot? before, TenantSnapshot? after)
    {
        var old = Clusters(before);
        var now = Clusters(after);
        foreach (var cluster in now.Except(old))
        {
            updater.UpdateAllDestinations(cluster);
            foreach (var listener in _listeners) listener.OnClusterAdded(cluster);
        }
        foreach (var cluster in old.Except(now))
        {
            foreach (var listener in _listeners) listener.OnClusterRemoved(cluster);
        }
    }

    /// <returns>Null for a service that is not probed.</returns>
    public static ClusterState? Cluster(string id, Service service, UpstreamDestination[] destinations, HttpMessageInvoker client)
    {
        if (service.Health?.Active is not { } active) return null;
        var config = new ClusterConfig
        {
            ClusterId = id,
            HealthCheck = new HealthCheckConfig
            {
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Path = active.Path ?? "/",
                    Interval = active.Interval ?? Defaults.ProbeInterval,
                    Timeout = active.Timeout ?? Defaults.ProbeTimeout,
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                },
            },
            Metadata = new Dictionary<string, string>
            {
                [ConsecutiveFailuresHealthPolicyOptions.ThresholdMetadataName] = (active.UnhealthyAfter ?? Defaults.UnhealthyAfter).ToString(CultureInfo.InvariantCulture),
            },
        };
        var cluster = new ClusterState(id, new ClusterModel(config, client));
        foreach (var destination in destinations) cluster.Destinations.TryAdd(destination.Prefix, destination.State);
        return cluster;
    }

    private static ClusterState[] Clusters(TenantSnapshot? snapshot) =>
        snapshot is null ? [] : [.. snapshot.Upstreams.Values.Select(u => u.Cluster).OfType<ClusterState>()];
}
