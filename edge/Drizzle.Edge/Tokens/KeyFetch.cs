using System.Net;
using System.Text;
using System.Text.Json;
using Drizzle.Contracts.Addresses;

namespace Drizzle.Edge.Tokens;

/// <summary>Fetches an issuer's key set, of which its OpenID metadata may have to say first where it is.</summary>
/// <param name="client">Connects to allowed addresses alone, and follows no redirect.</param>
/// <param name="issuer">The <c>iss</c> claim.</param>
/// <param name="jwksUrl">Null where the metadata says.</param>
internal sealed class KeyFetch(HttpMessageInvoker client, string issuer, string? jwksUrl)
{
    private const int Largest = 256 * 1024;
    private const string Metadata = "/.well-known/openid-configuration";

    /// <exception cref="FormatException">What came is not what was asked for.</exception>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public async Task<KeySet> FetchAsync(CancellationToken cancellation) =>
        KeySet.Parse(await ReadAsync(jwksUrl ?? await DiscoverAsync(cancellation), cancellation));

    private async Task<string> DiscoverAsync(CancellationToken cancellation)
    {
        var url = issuer.TrimEnd('/') + Metadata;
        if (!SafeUrl.Is(url)) throw new FormatException("Its url is not https, so its metadata cannot be trusted.");
        try
        {
            using var metadata = JsonDocument.Parse(await ReadAsync(url, cancellation), new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            var root = metadata.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Claims.TextOf(root, "issuer") != issuer) throw new FormatException($"The metadata at {url} is of another issuer.");
            // As safe as the metadata's own place has to be.
            return Claims.TextOf(root, "jwks_uri") is { } keys && SafeUrl.Is(keys) ? new Uri(keys).AbsoluteUri : throw new FormatException($"The metadata at {url} names no jwks_uri that is https.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"What {url} answers is no metadata.", e);
        }
    }

    private async Task<string> ReadAsync(string url, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Accept.ParseAdd("application/json");
        using var answer = await client.SendAsync(request, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK) throw new FormatException($"{url} answers {(int)answer.StatusCode}.");
        await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[Largest + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= Largest ? Encoding.UTF8.GetString(buffer, 0, length) : throw new FormatException($"What {url} answers is larger than {Largest / 1024} KiB.");
    }
}
