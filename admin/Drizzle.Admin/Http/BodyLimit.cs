using Microsoft.AspNetCore.Http.Metadata;

namespace Drizzle.Admin.Http;

/// <summary>Of an endpoint that anybody may call: its body is small.</summary>
internal sealed record BodyLimit(long? MaxRequestBodySize) : IRequestSizeLimitMetadata
{
    public static readonly BodyLimit Small = new(16 * 1024);
}
