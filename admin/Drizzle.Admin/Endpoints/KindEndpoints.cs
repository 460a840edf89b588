using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>The same endpoints for every kind of object within a tenant; all carry the tenant's revision as their tag.</summary>
internal static class KindEndpoints
{
    public static void Map<T>(RouteGroupBuilder tenantGroup, Kind<T> kind) where T : class
    {
        var group = tenantGroup.MapGroup($"/{kind.Plural}").WithTags(kind.Plural);
        group.MapGet("", (string tenant, ListQuery query, IConfigStore store, HttpContext context, CancellationToken cancellation) =>
            ListAsync(kind, tenant, query, store, context, cancellation)).Needs(AccessRole.Viewer).WithName($"list{kind.PluralLabel}");
        group.MapGet("/{name}", (string tenant, string name, IConfigStore store, HttpResponse response, CancellationToken cancellation) =>
            GetAsync(kind, tenant, name, store, response, cancellation)).Needs(AccessRole.Viewer).WithName($"get{kind.Label}");
        group.MapPost("", (string tenant, Body<T> body, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation) =>
            CreateAsync(kind, tenant, body, terms, writer, response, cancellation)).Needs(AccessRole.Editor).WithName($"create{kind.Label}");
        group.MapPut("/{name}", (string tenant, string name, Body<T> body, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation) =>
            PutAsync(kind, tenant, name, body, terms, writer, response, cancellation)).Needs(AccessRole.Editor).WithName($"put{kind.Label}");
        group.MapDelete("/{name}", (string tenant, string name, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation) =>
            DeleteAsync(kind, tenant, name, terms, writer, response, cancellation)).Needs(AccessRole.Editor).WithName($"delete{kind.Label}");
    }

    /// <summary>A change within a tenant that must exist.</summary>
    public static Func<TenantDocument?, TenantEdit> Within(string tenant, Func<TenantDocument, TenantEdit> change) => stored =>
        stored is null ? new TenantEdit.Refuse(new WriteResult.Missing("tenant", tenant)) : change(stored);

    private static async Task<Results<Ok<T[]>, Problem>> ListAsync<T>(Kind<T> kind, string tenant, ListQuery query, IConfigStore store, HttpContext context, CancellationToken cancellation)
        where T : class
    {
        if (await store.ReadTenantAsync(tenant, cancellation) is not { } stored) return Problems.Missing("tenant", tenant);
        context.Response.Headers.ETag = Answers.TagOf(stored.Revision);
        return TypedResults.Ok(query.Apply(kind.Get(stored.Document.Tenant), context));
    }

    private static async Task<Results<Ok<T>, Problem>> GetAsync<T>(Kind<T> kind, string tenant, string name, IConfigStore store, HttpResponse response, CancellationToken cancellation)
        where T : class
    {
        if (await store.ReadTenantAsync(tenant, cancellation) is not { } stored) return Problems.Missing("tenant", tenant);
        if (kind.Find(stored.Document.Tenant, name) is not { } item) return Problems.Missing(kind.Singular, name);
        response.Headers.ETag = Answers.TagOf(stored.Revision);
        return TypedResults.Ok(item);
    }

    private static async Task<Results<Created<ChangeAnswer>, Problem>> CreateAsync<T>(
        Kind<T> kind, string tenant, Body<T> body, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
        where T : class
    {
        if (body.Value is not { } item) return Problems.Form(body.Errors);
        var name = kind.NameOf(item);
        var result = await writer.WriteAsync(tenant, Within(tenant, document => kind.Find(document.Tenant, name) is null
            ? new TenantEdit.Replace(kind.Put(document, item))
            : new TenantEdit.Refuse(new WriteResult.Exists(kind.Singular, name))), terms.Value, cancellation);
        return Answers.Created(result, $"/v1/tenants/{tenant}/{kind.Plural}/{Uri.EscapeDataString(name)}", response);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> PutAsync<T>(
        Kind<T> kind, string tenant, string name, Body<T> body, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
        where T : class
    {
        if (body.Value is not { } item) return Problems.Form(body.Errors);
        if (kind.NameOf(item) != name) return Problems.Invalid(kind.NameField, $"The path says '{name}'; a name does not change.");
        var result = await writer.WriteAsync(tenant, Within(tenant, document => new TenantEdit.Replace(kind.Put(document, item))), terms.Value, cancellation);
        return Answers.Changed(result, response);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> DeleteAsync<T>(
        Kind<T> kind, string tenant, string name, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
        where T : class
    {
        var result = await writer.WriteAsync(tenant, Within(tenant, document => kind.Find(document.Tenant, name) is null
            ? new TenantEdit.Refuse(new WriteResult.Missing(kind.Singular, name))
            : new TenantEdit.Replace(kind.Remove(document, name))), terms.Value, cancellation);
        return Answers.Changed(result, response);
    }
}
