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
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<WriteMetadata>().Any()) Add(operation, WriteParameters);
        if (metadata.OfType<ListMetadata>().Any()) Add(operation, ListParameters);
        AddPathParameters(operation, context.Description.RelativePath ?? "");
        return Task.CompletedTask;
    }

    /// <summary>Those that a handler reads from the route by itself.</summary>
    private static void AddPathParameters(OpenApiOperation operation, string path)
    {
        var missing = path.Split('/').Where(s => s.StartsWith('{') && s.EndsWith('}')).Select(s => s[1..^1]).Where(name => operation.Parameters?.Any(p => p.In == ParameterLocation.Path && p.Name == name) != true);
        foreach (var name in missing.ToList())
        {
            operation.Parameters ??= [];
            operation.Parameters.Insert(0, new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
    }

    private static readonly (string Name, ParameterLocation In, JsonSchemaType Type, string Description)[] WriteParameters =
    [
        ("If-Match", ParameterLocation.Header, JsonSchemaType.String, "The revision in quotes, as ETag gave it: the write is refused (412) where it is at another."),
        ("dryRun", ParameterLocation.Query, JsonSchemaType.Boolean, "Judge and compare, and write nothing."),
        ("force", ParameterLocation.Query, JsonSchemaType.Boolean, "Change also what is kept in a file, and take it from that."),
        ("reason", ParameterLocation.Query, JsonSchemaType.String, "Why; kept in the history."),
        ("wait", ParameterLocation.Query, JsonSchemaType.String, "'applied': answer when every live edge has acknowledged, with the receipt."),
        ("timeout", ParameterLocation.Query, JsonSchemaType.String, "How long to wait, at most 1m. Default 5s."),
    ];

    private static readonly (string Name, ParameterLocation In, JsonSchemaType Type, string Description)[] ListParameters =
    [
        ("filter", ParameterLocation.Query, JsonSchemaType.Array, "FIELD=VALUE, such as service=orders; each must hold."),
        ("sort", ParameterLocation.Query, JsonSchemaType.String, "A field, with - before it from the greatest down."),
        ("limit", ParameterLocation.Query, JsonSchemaType.Integer, "How many at most."),
        ("offset", ParameterLocation.Query, JsonSchemaType.Integer, "How many to leave out before."),
    ];

    private static void Add(OpenApiOperation operation, (string Name, ParameterLocation In, JsonSchemaType Type, string Description)[] parameters)
    {
        operation.Parameters ??= [];
        foreach (var (name, place, type, description) in parameters)
        {
            var items = type == JsonSchemaType.Array ? new OpenApiSchema { Type = JsonSchemaType.String } : null;
            operation.Parameters.Add(new OpenApiParameter { Name = name, In = place, Description = description, Schema = new OpenApiSchema { Type = type, Items = items } });
        }
    }
}
