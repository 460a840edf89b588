using Drizzle.Contracts.Model;

namespace Drizzle.Admin.Writing;

/// <summary>Tenants are made, and given hosts, by the platform's owner alone.</summary>
internal static class HostRule
{
    public static TenantEdit Keep(bool isPlatformOwner, TenantDocument? before, TenantDocument after) =>
        isPlatformOwner || (before is not null && before.Tenant.Hosts == after.Tenant.Hosts)
            ? new TenantEdit.Replace(after)
            : new TenantEdit.Refuse(new WriteResult.Forbidden("Tenants are made, and given hosts, by the platform's owner."));
}
