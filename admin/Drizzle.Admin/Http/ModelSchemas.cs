using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Drizzle.Admin.Http;

/// <summary>Describes the model's values, which have converters of their own that no exporter can look into.</summary>
internal static class ModelSchemas
{
    public static async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Duration)) Text(schema, Duration.Expected);
        else if (type == typeof(Rate)) Text(schema, Rate.Expected);
        else if (type == typeof(ByteSize)) Text(schema, ByteSize.Expected);
        else if (type == typeof(Secret))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Exactly one of these. A value is never answered: stored stands for it, and keeps it where it is sent again.";
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["fromEnv"] = new OpenApiSchema { Type = JsonSchemaType.String }, ["fromFile"] = new OpenApiSchema { Type = JsonSchemaType.String },
                ["value"] = new OpenApiSchema { Type = JsonSchemaType.String }, ["stored"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            };
        }
        else if (type == typeof(ValueMap))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = null;
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            schema.Type = JsonSchemaType.Array;
            schema.Description = null;
            schema.Items = await context.GetOrCreateSchemaAsync(type.GetGenericArguments()[0], cancellationToken: cancellation);
        }
    }

    private static void Text(OpenApiSchema schema, string expected)
    {
        schema.Type = JsonSchemaType.String;
        schema.Description = $"Write {expected}.";
    }
}
