using System.Text.Json;
using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Access;

/// <summary>Roles as the API writes them.</summary>
internal static class AccessRoles
{
    public static string NameOf(AccessRole role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
}
