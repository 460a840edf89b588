using System.Globalization;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Edge.Limits;

/// <summary>A limit of requests under way, with where it stands.</summary>
/// <param name="Id">Unique over all tenants, such as <c>acme/service:orders/at-once</c>.</param>
internal sealed record CompiledConcurrency(string Id, string Name, string Tenant, int Most, LimitKeys Keys)
{
    /// <summary>As headers show it.</summary>
    public string MostText { get; } = Most.ToString(CultureInfo.InvariantCulture);

    public static CompiledConcurrency[] All(ValueList<ConcurrencyLimit> limits, string where, string byDefault) =>
        [.. limits.Select(l => new CompiledConcurrency($"{where}/{l.Name}", l.Name, LimitNames.ScopeOf(where), l.Most, new(l.By, byDefault)))];
}
