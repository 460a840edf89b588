using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Drizzle.EndToEnd.Hosting;

/// <param name="Body">Undefined where there is none.</param>
/// <param name="Tag">The ETag, with its quotes.</param>
internal sealed record ApiAnswer(int Status, JsonElement Body, string? Tag, string? MediaType)
{
    public required HttpResponseHeaders Headers { private get; init; }

    /// <returns>Null where it was not sent.</returns>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public string Text(string field) => Body.GetProperty(field).GetString() ?? "";

    /// <summary>The errors of a refused body, as <c>path: message</c>.</summary>
    public string[] Errors => [.. Body.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("path").GetString()}: {e.GetProperty("message").GetString()}")];

    /// <summary>Fails the test unless it is this problem, in the one shape of errors.</summary>
    public ApiAnswer Is(int status, string kind)
    {
        Assert.AreEqual(status, Status, Body.ToString());
        Assert.AreEqual("application/problem+json", MediaType);
        Assert.AreEqual($"urn:drizzle:{kind}", Text("type"));
        Assert.AreEqual(status, Body.GetProperty("status").GetInt32());
        foreach (var field in (string[])["title", "detail", "instance"]) Assert.AreNotEqual("", Text(field));
        return this;
    }

    public ApiAnswer IsDone()
    {
        Assert.IsTrue(Status is >= 200 and < 300, $"{Status} {Body}");
        return this;
    }
}

/// <summary>The admin API as a client sees it.</summary>
internal sealed class AdminApi : IDisposable
{
    private readonly HttpClient _http;

    public AdminApi(string url, string? token)
    {
        _http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Eventually.Patience }) { BaseAddress = new Uri(url), Timeout = Eventually.Patience };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<ApiAnswer> PutAsync(string path, string json, string? ifMatch = null) => SendAsync("PUT", path, json, ifMatch);

    /// <exception cref="HttpRequestException">The other side went away.</exception>
    public async Task<ApiAnswer> SendAsync(string method, string path, string? json = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        // The server may refuse a body before it has read it.
        if (json is not null) (request.Content, request.Headers.ExpectContinue) = (new StringContent(json, Encoding.UTF8, "application/json"), json.Length > 1_000_000);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var type = response.Content.Headers.ContentType?.MediaType;
        // A stream of events goes on.
        var text = type == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
        return new((int)response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text), response.Headers.ETag?.Tag, type) { Headers = response.Headers };
    }

    public void Dispose() => _http.Dispose();
}
