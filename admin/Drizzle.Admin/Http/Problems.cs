using System.Globalization;
using Drizzle.Admin.Access;
using Drizzle.Admin.Writing;
using Drizzle.Contracts.Reading;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Drizzle.Admin.Http;

/// <summary>Every error that the admin API answers.</summary>
internal static class Problems
{
    public static Problem Unauthenticated() => new(401, "unauthenticated", "Who are you?", "A valid token is wanted: Authorization: Bearer TOKEN, or a login.");

    /// <summary>The same whether there is such a user or not.</summary>
    public static Problem LoginRefused() => new(401, "login-refused", "Not let in", "No user of this name has this password.");

    public static Problem Foreign() => Forbidden("A page of another site may not do this.");

    public static Problem Busy() => new(503, "busy", "Too busy", "Too many passwords are being checked at once; try again.");

    public static Problem TooManyViews() => new(503, "busy", "Too many live views", "As many people look already as may at once; close a page, or try again.");

    public static Problem TooOften(HttpResponse response) => Throttled(TimeSpan.FromMinutes(15), response);

    public static Problem Of(LoginResult result, HttpResponse response) => result is LoginResult.Throttled throttled ? Throttled(throttled.RetryAfter, response) : LoginRefused();

    private static Problem Throttled(TimeSpan retryAfter, HttpResponse response)
    {
        response.Headers.RetryAfter = ((long)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new(429, "throttled", "Too many attempts", "Too many attempts lately; try again after the time in Retry-After.");
    }

    public static Problem Forbidden(string detail) => new(403, "forbidden", "Not allowed", detail);

    public static Problem Unexpected() => new(500, "internal", "Something went wrong here", "The request failed by a fault of this program; the log says more under this instance.");

    public static Problem Engine(string sentence) => new(503, "engine-unavailable", "The engine cannot do this now", sentence);

    public static Problem BadRequest(int status, string detail) => new(status, status == 413 ? "body-too-large" : "bad-request", ReasonPhrases.GetReasonPhrase(status), detail);

    public static Problem OfStatus(int status) => status switch
    {
        404 => new(404, "not-found", "Not found", "There is nothing at this path."),
        405 => new(405, "method-not-allowed", "Method not allowed", "This path does not take this method."),
        _ => new(status, $"status-{status}", ReasonPhrases.GetReasonPhrase(status), "The request was refused."),
    };

    public static Problem Missing(string kind, string name) => Of(new WriteResult.Missing(kind, name));

    public static Problem Form(IReadOnlyList<ConfigError> errors) =>
        new(400, "malformed", "The body cannot be read", new WriteResult.Invalid(errors).Reason) { Errors = errors };

    /// <summary>Of a number of rows that is asked for.</summary>
    public static Problem NotWithin(string field, int most) => Invalid(field, $"{field} is from 1 to {most}.");

    public static Problem Invalid(string path, string message) => Of(new WriteResult.Invalid([new(path, null, message)]));

    public static Problem LastToken() => new(409, "last-token", "The last token", "This is the last token; without it nobody could administer. Make another first.");

    /// <summary>The answer to a change that was not made.</summary>
    public static Problem Of(WriteResult result) => result switch
    {
        WriteResult.Invalid invalid => new(422, "invalid", "The change is not valid", result.Reason) { Errors = invalid.Errors },
        WriteResult.Missing => new(404, "not-found", "Not found", result.Reason),
        WriteResult.Exists => new(409, "exists", "It exists already", result.Reason),
        WriteResult.Stale stale => new(412, "stale", "Changed by someone else", result.Reason) { Expected = stale.Expected, Actual = stale.Actual },
        WriteResult.HostTaken taken => new(409, "host-taken", "The host is taken", result.Reason) { Host = taken.Host },
        WriteResult.OwnedByFile => new(409, "owned-by-file", "Kept in a file", result.Reason),
        WriteResult.Forbidden => Forbidden(result.Reason),
        WriteResult.Contended => new(409, "contended", "Too many writers", result.Reason),
        _ => Unexpected(),
    };
}
