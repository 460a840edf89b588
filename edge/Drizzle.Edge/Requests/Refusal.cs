using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Requests;

/// <summary>Why a request goes no further. Written as problem details, and nowhere else decided what they say.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Kind">The last part of <c>urn:drizzle:…</c>.</param>
/// <param name="Title">The same for every refusal of the kind.</param>
/// <param name="Detail">What to do; never whether a key exists.</param>
internal sealed record Refusal(int Status, string Kind, string Title, string Detail)
{
    /// <summary>Seconds for Retry-After; 0 where trying again is no use.</summary>
    public long RetryAfterSeconds { get; init; }

    /// <summary>The limit that refused.</summary>
    public string? Limit { get; init; }

    /// <summary>The policies that refused, by name.</summary>
    public string? Policy { get; init; }

    /// <summary>Whether the connection ends with the answer: what follows on it may not be where we think it is.</summary>
    public bool ClosesConnection { get; init; }

    /// <summary>The value of WWW-Authenticate.</summary>
    public string? Challenge { get; init; }

    public static readonly Refusal NotReady = new(StatusCodes.Status503ServiceUnavailable, "not-ready", "Not ready", "This edge has no configuration yet.") { RetryAfterSeconds = 1 };
    public static readonly Refusal Stale = new(StatusCodes.Status503ServiceUnavailable, "stale", "Out of touch", "This edge has not heard from its engine for longer than it may serve without.") { RetryAfterSeconds = 1 };
    public static readonly Refusal NoRoute = new(StatusCodes.Status404NotFound, "no-route", "No route", "No route matches this request.");
    public static readonly Refusal CredentialMissing = new(StatusCodes.Status401Unauthorized, "credential-missing", "Credential wanted", "This route wants a credential.") { Challenge = "Bearer" };
    public static readonly Refusal CredentialInvalid = new(StatusCodes.Status401Unauthorized, "credential-invalid", "Credential not accepted", "The credential is not valid here.") { Challenge = "Bearer error=\"invalid_token\"" };
    public static readonly Refusal CredentialsDisagree = new(StatusCodes.Status401Unauthorized, "credentials-disagree", "Credentials disagree", "Two credentials were sent that do not belong together; send one.") { Challenge = "Bearer error=\"invalid_request\"" };
    public static readonly Refusal TokenExpired = new(StatusCodes.Status401Unauthorized, "credential-expired", "Token expired", "The token has expired; ask its issuer for another.") { Challenge = "Bearer error=\"invalid_token\", error_description=\"The token expired\"" };
    public static readonly Refusal IssuerUnavailable = new(StatusCodes.Status503ServiceUnavailable, "issuer-unavailable", "Issuer not reached", "The keys by which the token is verified could not be fetched yet.") { RetryAfterSeconds = 5 };
    public static readonly Refusal Cut = new(StatusCodes.Status401Unauthorized, "cut", "Cut off", "The credential was revoked while the request was under way.");
    public static readonly Refusal BodyTooLarge = new(StatusCodes.Status413PayloadTooLarge, "body-too-large", "Body too large", "The request's body is larger than this route accepts.");
    public static readonly Refusal NoDestination = new(StatusCodes.Status503ServiceUnavailable, "no-destination", "No healthy destination", "No destination of this service is healthy.") { RetryAfterSeconds = 1 };
    public static readonly Refusal UpstreamFailed = new(StatusCodes.Status502BadGateway, "upstream-failed", "Upstream failed", "The destination refused the connection, broke it, or sent what is not HTTP.");
    public static readonly Refusal DestinationNotAllowed = new(StatusCodes.Status502BadGateway, "destination-not-allowed", "Destination not allowed", "The destination's address is one that the platform's owner has not allowed.");
    public static readonly Refusal UpstreamTimeout = new(StatusCodes.Status504GatewayTimeout, "upstream-timeout", "Upstream timed out", "The destination did not answer in time.");
    public static readonly Refusal RequestBroken = new(StatusCodes.Status400BadRequest, "bad-request", "Bad request", "The request's body ended early or is not valid.");
    public static readonly Refusal RequestTooSlow = new(StatusCodes.Status408RequestTimeout, "request-timeout", "Request too slow", "The request's body came too slowly.");
    public static readonly Refusal UnprintableHeader = BadRequest("A header holds a character that is not printable ASCII.");
    public static readonly Refusal AmbiguousPath = BadRequest("The path has an encoded slash or backslash, or '..;', which this route does not allow.");
    public static readonly Refusal Internal = new(StatusCodes.Status500InternalServerError, "internal", "Internal error", "The gateway failed to handle this request; its log has more under the instance named here.");

    public static Refusal BadRequest(string detail) => new(StatusCodes.Status400BadRequest, "bad-request", "Bad request", detail) { ClosesConnection = true };

    public static Refusal CertificateInvalid(string detail) => new(StatusCodes.Status401Unauthorized, "certificate-invalid", "Certificate not accepted", detail) { Challenge = "Bearer" };

    public static Refusal CircuitOpen(long retryAfterSeconds) =>
        new(StatusCodes.Status503ServiceUnavailable, "circuit-open", "Circuit open", "This service failed too often; it is tried again soon.") { RetryAfterSeconds = retryAfterSeconds };

    public static Refusal QuotaExceeded(string quota, long retryAfterSeconds) =>
        new(StatusCodes.Status429TooManyRequests, "quota-exceeded", "Quota exhausted", "A quota is used up; a new one begins after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds, Limit = quota };

    public static Refusal ConcurrencyExceeded(string limit) =>
        new(StatusCodes.Status429TooManyRequests, "concurrency-exceeded", "Too many requests at once", "As many requests as may be are under way; try again when one has ended.") { RetryAfterSeconds = 1, Limit = limit };

    public static Refusal LimitExceeded(string limit, long retryAfterSeconds) =>
        new(StatusCodes.Status429TooManyRequests, "limit-exceeded", "Too many requests", "A limit is exhausted; try again after the time in Retry-After.") { RetryAfterSeconds = retryAfterSeconds, Limit = limit };
}
