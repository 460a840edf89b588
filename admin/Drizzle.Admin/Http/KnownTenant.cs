using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Http;

/// <summary>Answers 404 for a tenant that is not there, where what is asked for would only be empty.</summary>
internal sealed class KnownTenant(IConfigStore store) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var tenant = context.HttpContext.GetRouteValue("tenant")?.ToString() ?? "";
        return await store.ReadTenantAsync(tenant, context.HttpContext.RequestAborted) is null ? Problems.Missing("tenant", tenant) : await next(context);
    }
}
