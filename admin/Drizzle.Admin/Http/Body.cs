using System.Reflection;
using Drizzle.Contracts.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Drizzle.Admin.Http;

/// <summary>A JSON body, bound as strictly as a configuration file.</summary>
/// <param name="Value">Null where there are errors.</param>
/// <param name="Errors">Every error of form.</param>
internal sealed record Body<T>(T? Value, IReadOnlyList<ConfigError> Errors) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var errors = new List<ConfigError>();
        var node = JsonNodes.Read(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), errors);
        var value = node is null ? null : ModelBinder.Bind<T>(node, "", errors);
        return new(value, errors);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json", ApiDescription.AnyType], typeof(T)));
}
