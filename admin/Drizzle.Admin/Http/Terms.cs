using System.Globalization;
using System.Reflection;
using Drizzle.Admin.Access;
using Drizzle.Admin.Writing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Drizzle.Admin.Http;

/// <summary>
/// The terms of a write as a request states them: <c>If-Match</c> with a revision, <c>?dryRun=true</c>, and the reason in
/// <c>X-Reason</c> or <c>?reason=</c>, of which 500 characters are kept; <c>?force=true</c> takes from a file what it owns.
/// </summary>
internal sealed record Terms(WriteTerms Value) : IBindableFromHttpContext<Terms>, IEndpointParameterMetadataProvider
{
    private const int LongestReason = 500;

    public static ValueTask<Terms?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var request = context.Request;
        var reason = First(request.Headers["X-Reason"].ToString(), request.Query["reason"].ToString());
        if (reason?.Length > LongestReason) reason = reason[..LongestReason];
        var terms = new WriteTerms(Caller.AuthorOf(context, reason), Caller.Of(context).IsPlatformOwner, ExpectedBy(request), Flag(request, "dryRun")) { IsForced = Flag(request, "force") };
        return new(new Terms(terms));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new WriteMetadata());

    private static bool Flag(HttpRequest request, string name) => request.Query[name].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => throw new BadHttpRequestException($"{name} is true or false."),
    };

    private static long? ExpectedBy(HttpRequest request)
    {
        var tag = request.Headers.IfMatch.ToString();
        if (tag is "" or "*") return null;
        return tag.Length > 2 && tag[0] == '"' && tag[^1] == '"' && long.TryParse(tag.AsSpan(1, tag.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw new BadHttpRequestException("If-Match wants one revision in quotes, as ETag gave it.");
    }

    private static string? First(string a, string b) => a.Length > 0 ? a : b.Length > 0 ? b : null;
}

/// <summary>Marks an endpoint that writes configuration under <see cref="Terms"/>.</summary>
internal sealed record WriteMetadata;
