using System.Net;
using System.Net.Sockets;

namespace Drizzle.Cli.Running;

/// <summary>Looks at ports from outside.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>Null where the port can be listened on, else why not.</returns>
    public static string? BindError(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url)) return "not a URL";
        var ip = IPAddress.TryParse(url.Host.Trim('[', ']'), out var stated) ? stated : url.IsLoopback ? IPAddress.Loopback : IPAddress.Any;
        using var listener = new TcpListener(ip, url.Port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    /// <summary>Whether what answers there says that it is alive.</summary>
    public static async Task<bool> AnswersAsync(string address, string path, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(new Uri(new Uri(address), path), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
