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

/// <summary>A tenant in a list: itself, and how much it holds.</summary>
public sealed record TenantSummary(string Slug, string? Name, IReadOnlyList<string> Hosts, int Services, int Routes, int Consumers, long Revision);

/// <summary>Tenants as a whole.</summary>
internal static class TenantEndpoints
{
    private const int LongestFile = 100;

    public static void Map(RouteGroupBuilder v1)
    {
        var tenants = v1.MapGroup("/tenants").WithTags("tenants");
        tenants.MapGet("", ListAsync).ForEveryCaller().WithName("listTenants");
        tenants.MapPost("", CreateAsync).Needs(AccessRole.PlatformOwner).WithName("createTenant");
        tenants.MapGet("/{tenant}", GetAsync).Needs(AccessRole.Viewer).WithName("getTenant");
        tenants.MapPut("/{tenant}", PutAsync).Needs(AccessRole.Editor).WithName("putTenant");
        tenants.MapGet("/{tenant}/owners", ListOwnersAsync).Needs(AccessRole.Viewer).WithName("listOwners");
        tenants.MapDelete("/{tenant}", DeleteAsync).Needs(AccessRole.PlatformOwner).WithName("deleteTenant");
    }

    private static async Task<Results<Ok<TenantSummary[]>, Problem>> ListAsync(ListQuery query, HttpContext context, IConfigStore store, CancellationToken cancellation)
    {
        var caller = Caller.Of(context);
        var summaries = new List<TenantSummary>();
        foreach (var slug in caller.Tenant is { } own ? [own] : await store.ListTenantsAsync(cancellation))
        {
            if (await store.ReadTenantAsync(slug, cancellation) is not { } stored) continue;
            var tenant = stored.Document.Tenant;
            summaries.Add(new(slug, tenant.Name, tenant.Hosts, tenant.Services.Count, tenant.Routes.Count, tenant.Consumers.Count, stored.Revision));
        }
        return TypedResults.Ok(query.Apply(summaries, context));
    }

    private static async Task<Results<Ok<Tenant>, Problem>> GetAsync(string tenant, IConfigStore store, HttpResponse response, CancellationToken cancellation)
    {
        if (await store.ReadTenantAsync(tenant, cancellation) is not { } stored) return Problems.Missing("tenant", tenant);
        response.Headers.ETag = Answers.TagOf(stored.Revision);
        return TypedResults.Ok(stored.Document.Tenant);
    }

    /// <summary>Which objects are kept in files, and so are read-only here.</summary>
    private static async Task<Results<Ok<ObjectOwner[]>, Problem>> ListOwnersAsync(string tenant, IConfigStore store, CancellationToken cancellation) =>
        await store.ReadTenantAsync(tenant, cancellation) is { } stored ? TypedResults.Ok(stored.Document.Owners.ToArray()) : Problems.Missing("tenant", tenant);

    private static async Task<Results<Created<ChangeAnswer>, Problem>> CreateAsync(Body<Tenant> body, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } tenant) return Problems.Form(body.Errors);
        var result = await writer.WriteAsync(tenant.Slug, stored => stored is null
            ? new TenantEdit.Replace(new() { Tenant = tenant })
            : new TenantEdit.Refuse(new WriteResult.Exists("tenant", tenant.Slug)), terms.Value, cancellation);
        return Answers.Created(result, $"/v1/tenants/{tenant.Slug}", response);
    }

    /// <param name="file">The name of the file that is applied, which then owns what it states.</param>
    private static async Task<Results<Ok<ChangeAnswer>, Problem>> PutAsync(
        string tenant, Body<Tenant> body, bool? prune, string? file, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } whole) return Problems.Form(body.Errors);
        if (whole.Slug != tenant) return Problems.Invalid("slug", $"The path says '{tenant}'; a slug does not change.");
        if (file is { } name && (name.Length is 0 or > LongestFile || name.Any(char.IsControl))) return Problems.Invalid("file", $"A file's name has 1 to {LongestFile} characters.");
        return Answers.Changed(await writer.ApplyAsync(whole, prune ?? false, terms.Value with { File = file }, cancellation), response);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> DeleteAsync(string tenant, Terms terms, TenantWriter writer, ITraffic traffic, HttpResponse response, CancellationToken cancellation)
    {
        var result = await writer.WriteAsync(tenant, stored => stored is null
            ? new TenantEdit.Refuse(new WriteResult.Missing("tenant", tenant))
            : new TenantEdit.Replace(null), terms.Value, cancellation);
        if (result is WriteResult.Done && !terms.Value.IsTrial) await ForgetAsync(tenant, traffic);
        return Answers.Changed(result, response);
    }

    /// <summary>The tenant is gone whether this succeeds or not; then what is known of its traffic goes by itself.</summary>
    private static async Task ForgetAsync(string tenant, ITraffic traffic)
    {
        try
        {
            await traffic.ForgetAsync(tenant, CancellationToken.None);
        }
        catch (EngineException)
        {
            // Within minutes nothing is left of it either way.
        }
    }
}
