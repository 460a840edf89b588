using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Drizzle.Admin.Access;

namespace Drizzle.Cli.Client;

/// <summary>Talks to the admin API; whatever goes wrong becomes a <see cref="CommandFailure"/>.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    /// <exception cref="CommandFailure">The address is none.</exception>
    public AdminClient(string address, string? token)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new CommandFailure(ExitCode.WrongUsage, $"'{address}' is not the address of an admin API, such as http://127.0.0.1:3000.");
        }
        _http = new HttpClient { BaseAddress = url };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public static AdminClient From(ParseResult parsed) => new(parsed.GetRequiredValue(CommonOptions.Admin), TokenOf(parsed));

    /// <returns>Null where there is none; the admin API then says so.</returns>
    public static string? TokenOf(ParseResult parsed)
    {
        if ((parsed.GetValue(CommonOptions.Token) ?? CommonOptions.Variable("DRIZZLE_TOKEN")) is { } stated) return stated.Trim();
        var file = Path.Combine(parsed.GetRequiredValue(CommonOptions.Data), RootToken.FileName);
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The token in {file} cannot be read: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    /// <param name="json">The body; none when null.</param>
    /// <param name="expected">The revision that it must still be at; any when null.</param>
    /// <returns>The answer; undefined where it has no body.</returns>
    /// <exception cref="CommandFailure">Not reached, or refused.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, string? json, CancellationToken cancellation, long? expected = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (expected is { } revision) request.Headers.IfMatch.Add(new($"\"{revision}\""));
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return response.IsSuccessStatusCode ? Parse(body) : throw Refusal(response.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"The admin API at {_http.BaseAddress} cannot be reached: {e.Message}");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Unreachable, $"The admin API at {_http.BaseAddress} does not answer.");
        }
        catch (JsonException)
        {
            throw new CommandFailure(ExitCode.Refused, $"What answers at {_http.BaseAddress} is not Drizzle's admin API.");
        }
    }

    private static JsonElement Parse(byte[] body) => body.Length == 0 ? default : JsonElement.Parse(body);

    private static CommandFailure Refusal(HttpStatusCode status, byte[] body)
    {
        if (status == HttpStatusCode.Unauthorized)
        {
            return new CommandFailure(ExitCode.Refused, "The admin API wants a valid token: --token, DRIZZLE_TOKEN, or --data with the folder that holds root.token.");
        }
        var problem = Parse(body);
        if (problem.ValueKind != JsonValueKind.Object || !problem.TryGetProperty("detail", out var detail))
        {
            return new CommandFailure(ExitCode.Refused, $"The admin API answered {(int)status}.");
        }
        return problem.TryGetProperty("errors", out var errors) && errors.GetArrayLength() > 0
            ? new CommandFailure(ExitCode.Refused, [.. errors.EnumerateArray().Select(Sentence)])
            : new CommandFailure(ExitCode.Refused, detail.GetString() ?? "");
    }

    private static string Sentence(JsonElement error)
    {
        var path = error.GetProperty("path").GetString();
        var message = error.GetProperty("message").GetString() ?? "";
        return string.IsNullOrEmpty(path) ? message : $"{path}: {message}";
    }
}
