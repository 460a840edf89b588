using Drizzle.Admin.Access;
using Drizzle.Admin.Http;
using Drizzle.Admin.Receipts;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Validation;
using Drizzle.Contracts.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Drizzle.Admin.Endpoints;

/// <summary>What is asked for.</summary>
public sealed record NewKey
{
    /// <summary>Whose it shall be.</summary>
    public required string Consumer { get; init; }

    /// <summary>How long it is good for. For ever when absent.</summary>
    public Duration? ExpiresIn { get; init; }

    /// <summary>What it may be used for, in words that policies know; at most 32.</summary>
    public ValueList<string> Scopes { get; init; }
}

/// <summary>A key as it is listed.</summary>
public sealed record KeyView(string Prefix, string Consumer, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string[] Scopes, bool Revoked);

/// <param name="Key">The key itself: this answer is the only sight of it.</param>
public sealed record CreatedKey(string Key, string Prefix, string Consumer, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, long Revision) : IReceipted
{
    /// <summary>Where the revision stands on the edges, for who asked to wait.</summary>
    public Receipt? Receipt { get; set; }
}

/// <summary>The keys of a tenant's consumers.</summary>
internal static class KeyEndpoints
{
    private const int MostScopes = 32;
    private const int LongestScope = 100;

    public static void Map(RouteGroupBuilder tenantGroup)
    {
        var keys = tenantGroup.MapGroup("/keys").WithTags("keys");
        keys.MapGet("", ListAsync).Needs(AccessRole.Viewer).WithName("listKeys");
        keys.MapPost("", CreateAsync).Needs(AccessRole.Editor).WithName("createKey");
        keys.MapPost("/{prefix}/revoke", RevokeAsync).Needs(AccessRole.Editor).WithName("revokeKey");
        keys.MapDelete("/{prefix}", DeleteAsync).Needs(AccessRole.Editor).WithName("deleteKey");
    }

    private static async Task<Results<Ok<KeyView[]>, Problem>> ListAsync(string tenant, ListQuery query, IConfigStore store, HttpContext context, CancellationToken cancellation)
    {
        if (await store.ReadTenantAsync(tenant, cancellation) is not { } stored) return Problems.Missing("tenant", tenant);
        context.Response.Headers.ETag = Answers.TagOf(stored.Revision);
        return TypedResults.Ok(query.Apply(stored.Document.Keys.Select(k => new KeyView(k.Prefix, k.Consumer, k.CreatedAt, k.ExpiresAt, [.. k.Scopes], k.Revoked)), context));
    }

    private static async Task<Results<Created<CreatedKey>, Problem>> CreateAsync(
        string tenant, Body<NewKey> body, Terms terms, TenantWriter writer, TimeProvider clock, HttpResponse response, CancellationToken cancellation)
    {
        if (body.Value is not { } wanted) return Problems.Form(body.Errors);
        if (wanted.ExpiresIn is { } expiresIn && expiresIn.Value <= TimeSpan.Zero) return Problems.Invalid("expiresIn", "A key lasts longer than nothing.");
        if (wanted.Scopes.Count > MostScopes || wanted.Scopes.Any(s => s.Length is 0 or > LongestScope || s.Any(c => char.IsControl(c) || c == ' '))) return Problems.Invalid("scopes", $"At most {MostScopes}, each a word of at most {LongestScope} characters.");
        var credential = Credentials.NewKey();
        var now = clock.GetUtcNow();
        var key = new ApiKey { Prefix = credential.Prefix, Consumer = wanted.Consumer, Hash = credential.Hash, CreatedAt = now, ExpiresAt = now + wanted.ExpiresIn?.Value, Scopes = wanted.Scopes };
        var result = await writer.WriteAsync(tenant, KindEndpoints.Within(tenant, document => Add(document, key)), terms.Value, cancellation);
        if (result is not WriteResult.Done done) return Problems.Of(result);
        response.Headers.ETag = Answers.TagOf(done.Revision);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/v1/tenants/{tenant}/keys/{key.Prefix}", new CreatedKey(credential.Text, key.Prefix, key.Consumer, key.CreatedAt, key.ExpiresAt, done.Revision));
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> RevokeAsync(string tenant, string prefix, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        var result = await writer.WriteAsync(tenant, KindEndpoints.Within(tenant, document => Edit(document, prefix, key => key with { Revoked = true })), terms.Value, cancellation);
        return Answers.Changed(result, response);
    }

    private static async Task<Results<Ok<ChangeAnswer>, Problem>> DeleteAsync(string tenant, string prefix, Terms terms, TenantWriter writer, HttpResponse response, CancellationToken cancellation)
    {
        var result = await writer.WriteAsync(tenant, KindEndpoints.Within(tenant, document => Edit(document, prefix, _ => null)), terms.Value, cancellation);
        return Answers.Changed(result, response);
    }

    private static TenantEdit Add(TenantDocument document, ApiKey key)
    {
        if (!document.Tenant.Consumers.Any(c => c.Name == key.Consumer))
        {
            return new TenantEdit.Refuse(new WriteResult.Invalid([new ConfigError("consumer", null, $"There is no consumer '{Names.Shown(key.Consumer)}'.")]));
        }
        return document.Keys.Any(k => k.Prefix == key.Prefix)
            ? new TenantEdit.Refuse(new WriteResult.Exists("key", key.Prefix))
            : new TenantEdit.Replace(document with { Keys = TenantEdits.Put(document.Keys, key, k => k.Prefix) });
    }

    /// <param name="change">Null where the key shall go.</param>
    private static TenantEdit Edit(TenantDocument document, string prefix, Func<ApiKey, ApiKey?> change) =>
        document.Keys.Any(k => k.Prefix == prefix)
            ? new TenantEdit.Replace(document with { Keys = document.Keys.Select(k => k.Prefix == prefix ? change(k) : k).OfType<ApiKey>().ToValueList() })
            : new TenantEdit.Refuse(new WriteResult.Missing("key", prefix));
}
