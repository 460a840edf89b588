using System.Reflection;
using Drizzle.Contracts.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Drizzle.Admin.Http;

/// <summary>RFC 9457.</summary>
/// <param name="Type"><c>urn:drizzle:</c> and the kind.</param>
/// <param name="Instance">The request's id.</param>
public sealed record ProblemBody(string Type, string Title, int Status, string Detail, string Instance)
{
    /// <summary>Every error of a body that was refused.</summary>
    public IReadOnlyList<ConfigError>? Errors { get; init; }

    /// <summary>The revision that If-Match named.</summary>
    public long? Expected { get; init; }

    /// <summary>The revision that there is.</summary>
    public long? Actual { get; init; }

    /// <summary>The host that is taken.</summary>
    public string? Host { get; init; }
}

/// <summary>The one shape of error.</summary>
internal sealed class Problem(int status, string kind, string title, string detail) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public const string ContentType = "application/problem+json";

    public int? StatusCode => status;

    public IReadOnlyList<ConfigError>? Errors { get; init; }

    public long? Expected { get; init; }

    public long? Actual { get; init; }

    public string? Host { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var body = new ProblemBody($"urn:drizzle:{kind}", title, status, detail, httpContext.TraceIdentifier)
        {
            Errors = Errors,
            Expected = Expected,
            Actual = Actual,
            Host = Host,
        };
        httpContext.Response.StatusCode = status;
        return httpContext.Response.WriteAsJsonAsync(body, AdminJson.Readable.ProblemBody, ContentType, httpContext.RequestAborted);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        foreach (var status in (ReadOnlySpan<int>)[400, 401, 403, 404, 409, 412, 413, 422, 429, 503])
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemBody), [ContentType]));
        }
    }
}
