using System.Buffers;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Drizzle.Edge.Forwarding;

/// <summary>
/// Copies an event stream whose request did not announce one. YARP has given such a request the short idle timeout by the time the answer
/// says what it is, so its body is copied here, under the long one.
/// </summary>
internal static class EventStreamCopy
{
    public static bool IsLate(HttpContext http) => IsEventStream(http.Response) && !RequestKinds.IsStreaming(http);

    public static bool IsEventStream(HttpResponse response) =>
        response.ContentType is { } type && type.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    public static async Task<ForwarderError> RunAsync(HttpContext http, HttpResponseMessage response, TimeSpan idle)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var buffer = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            var source = await response.Content.ReadAsStreamAsync(timeout.Token);
            while (true)
            {
                timeout.CancelAfter(idle);
                var read = await source.ReadAsync(buffer, timeout.Token);
                if (read == 0) return ForwarderError.None;
                await http.Response.Body.WriteAsync(buffer.AsMemory(0, read), timeout.Token);
                await http.Response.Body.FlushAsync(timeout.Token);
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            var hasClientLeft = http.RequestAborted.IsCancellationRequested;
            // The head has gone: an aborted connection is the only honest end.
            http.Abort();
            return hasClientLeft ? ForwarderError.ResponseBodyCanceled : ForwarderError.ResponseBodyDestination;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
