using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Values;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Admin.Receipts;

/// <summary><c>?wait=applied&amp;timeout=5s</c> on any write: the answer comes when the edges have acknowledged it, and carries the receipt.</summary>
internal sealed class ReceiptFilter(ReceiptDesk desk) : IEndpointFilter
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(1);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isWanted = IsWanted(http.Request);
        var patience = PatienceOf(http.Request);
        var result = await next(context);
        if (isWanted && ValueOf(result) is IReceipted answer) answer.Receipt = await WaitAsync(answer.Revision, patience, http.RequestAborted);
        return result;
    }

    /// <summary>The write is done, and what it answers may be seen only once: that nobody can be asked now is said in the receipt.</summary>
    private async Task<Receipt> WaitAsync(long revision, TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return await desk.WaitAsync(revision, patience, cancellation);
        }
        catch (EngineException)
        {
            return new Receipt(revision, Confirmed: false, []);
        }
    }

    /// <exception cref="BadHttpRequestException">It is no duration, or too long.</exception>
    public static TimeSpan PatienceOf(HttpRequest request) => request.Query["timeout"].ToString() switch
    {
        "" => Usual,
        var text when Duration.TryParse(text, out var stated) && stated.Value <= Most => stated.Value,
        _ => throw new BadHttpRequestException($"timeout is {Duration.Expected}, and at most 1m."),
    };

    /// <summary>A trial changes nothing that could be waited for.</summary>
    private static bool IsWanted(HttpRequest request) => request.Query["wait"].ToString() switch
    {
        "" => false,
        "applied" when !HttpMethods.IsGet(request.Method) => request.Query["dryRun"].ToString() != "true",
        _ => throw new BadHttpRequestException("wait is 'applied', on a write."),
    };

    private static object? ValueOf(object? result) => result switch
    {
        INestedHttpResult nested => ValueOf(nested.Result),
        IValueHttpResult valued => valued.Value,
        _ => null,
    };
}
