using Drizzle.Contracts.Model;

namespace Drizzle.Admin.Writing;

/// <summary>What a pure change makes of a tenant's document.</summary>
public abstract record TenantEdit
{
    private TenantEdit() { }

    /// <summary>The document as it shall be; null deletes the tenant.</summary>
    public sealed record Replace(TenantDocument? Document) : TenantEdit;

    /// <summary>Nothing is written; this is the answer.</summary>
    public sealed record Refuse(WriteResult Answer) : TenantEdit;
}
