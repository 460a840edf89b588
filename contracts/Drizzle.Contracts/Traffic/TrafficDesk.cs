namespace Drizzle.Contracts.Traffic;

/// <summary>Keeps what edges report of their traffic in memory. Any number of threads may use it.</summary>
public sealed class TrafficDesk(TimeProvider clock)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Tenant> _tenants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _deafUntil = new(StringComparer.Ordinal);
    private DateTimeOffset _sweptAt = clock.GetUtcNow();

    public void Report(TrafficReport report)
    {
        var now = clock.GetUtcNow();
        lock (_changing)
        {
            if (now - _sweptAt >= KnownTraffic.KeptFor / 4) Sweep_NeedsLock(now);
            foreach (var tenant in report.Tenants)
            {
                if (_deafUntil.TryGetValue(tenant.Tenant, out var until) && now < until) continue;
                if (!_tenants.TryGetValue(tenant.Tenant, out var kept)) _tenants[tenant.Tenant] = kept = new Tenant();
                foreach (var route in tenant.Routes) kept.Routes[(report.Edge, route.Service, route.Route)] = new(report.Edge, report.StartedAt, now, route);
                foreach (var service in tenant.Services) kept.Services[(report.Edge, service.Service)] = new(report.Edge, report.StartedAt, now, service);
            }
        }
    }

    /// <summary>Goes on with what another desk has heard of a tenant.</summary>
    public void TakeOver(string tenant, KnownTraffic heard)
    {
        lock (_changing)
        {
            var kept = _tenants[tenant] = new Tenant();
            foreach (var route in heard.Routes) kept.Routes[(route.Edge, route.What.Service, route.What.Route)] = route;
            foreach (var service in heard.Services) kept.Services[(service.Edge, service.What.Service)] = service;
        }
    }

    public KnownTraffic Read(string tenant)
    {
        var oldest = clock.GetUtcNow() - KnownTraffic.KeptFor;
        lock (_changing)
        {
            return _tenants.TryGetValue(tenant, out var kept)
                ? new([.. kept.Routes.Values.Where(r => r.At > oldest).OrderByDescending(r => r.At).Take(KnownTraffic.Most)], [.. kept.Services.Values.Where(s => s.At > oldest)])
                : KnownTraffic.None;
        }
    }

    public void Forget(string tenant)
    {
        lock (_changing)
        {
            _tenants.Remove(tenant);
            _deafUntil[tenant] = clock.GetUtcNow() + KnownTraffic.DeafFor;
        }
    }

    private void Sweep_NeedsLock(DateTimeOffset now)
    {
        _sweptAt = now;
        var oldest = now - KnownTraffic.KeptFor;
        foreach (var name in _deafUntil.Where(d => d.Value <= now).Select(d => d.Key).ToList()) _deafUntil.Remove(name);
        foreach (var (name, tenant) in _tenants)
        {
            foreach (var (key, route) in tenant.Routes)
            {
                if (route.At <= oldest) tenant.Routes.Remove(key);
            }
            foreach (var (key, service) in tenant.Services)
            {
                if (service.At <= oldest) tenant.Services.Remove(key);
            }
            if (tenant.Routes.Count == 0 && tenant.Services.Count == 0) _tenants.Remove(name);
        }
    }

    private sealed class Tenant
    {
        public Dictionary<(string Edge, string Service, string Route), Heard<RouteTraffic>> Routes { get; } = [];

        public Dictionary<(string Edge, string Service), Heard<ServiceHealth>> Services { get; } = [];
    }
}
