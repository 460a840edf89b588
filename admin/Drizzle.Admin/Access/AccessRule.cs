using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;

namespace Drizzle.Admin.Access;

/// <summary>
/// Who may use an endpoint. Every endpoint that is not open states one; one that states none is refused to everybody.
/// With a tenant in its path, the role is one in that tenant, and to callers of another the tenant does not exist.
/// </summary>
/// <param name="Least">The least role; null where everyone who is known may ask, and is answered what is theirs.</param>
internal sealed record AccessRule(AccessRole? Least);

internal static class AccessRuleExtensions
{
    public static T Needs<T>(this T endpoint, AccessRole least) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(least));

    public static T ForEveryCaller<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(null));
}
