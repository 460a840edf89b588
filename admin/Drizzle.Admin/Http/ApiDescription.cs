using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Drizzle.Admin.Http;

/// <summary>What <c>/openapi.json</c> says beyond what the endpoints say themselves.</summary>
internal static class ApiDescription
{
    /// <summary>Bodies are JSON whatever a client calls them; curl calls them a form unless told otherwise.</summary>
    public const string AnyType = "*/*";

    private const string Scheme = "bearer";

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new() { Title = "Drizzle admin API", Version = "v1" };
        // It is reached by many names; a client knows by which it came.
        document.Servers = [];
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = Scheme } };
        document.Security = [new() { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    public static Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        operation.RequestBody?.Content?.Remove(AnyType);
        return Task.CompletedTask;
    }
}
