using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Web;

/// <summary>Serves the console at every path that is not the API's: its files by name, and its page to browsers that come by a link to a screen.</summary>
internal sealed class ConsoleMiddleware(RequestDelegate next, ConsoleFolder folder)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly PathString[] Api = ["/v1", "/openapi.json", "/healthz", "/readyz", "/metrics"];

    private static readonly byte[] NotBuilt = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Drizzle</title></head><body><h1>The console was not built</h1>
        <p>It is built by ./drizzle where Node 20 and npm are there. The API is at <a href="/openapi.json">/v1</a>.</p></body></html>
        """u8.ToArray();

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!isRead || Array.Exists(Api, prefix => request.Path.StartsWithSegments(prefix, StringComparison.Ordinal))) return next(context);
        if (folder.Find(request.Path.Value ?? "") is { } file) return SendAsync(context, file);
        if (!request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)) return next(context);
        return folder.Index is { } page ? SendAsync(context, page) : SayNotBuiltAsync(context.Response);
    }

    private static async Task SendAsync(HttpContext context, ConsoleFile file)
    {
        var (request, response) = (context.Request, context.Response);
        Protect(response);
        response.Headers.ETag = file.Tag;
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = file.IsHashed ? "public, max-age=31536000, immutable" : "no-cache";
        if (request.Headers.IfNoneMatch.ToString() == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var isPacked = request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (isPacked) response.Headers.ContentEncoding = "gzip";
        var body = isPacked ? file.Gzip : file.Plain;
        response.ContentType = file.ContentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsGet(request.Method)) await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static async Task SayNotBuiltAsync(HttpResponse response)
    {
        Protect(response);
        response.StatusCode = StatusCodes.Status404NotFound;
        response.ContentType = "text/html; charset=utf-8";
        await response.Body.WriteAsync(NotBuilt);
    }

    private static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
