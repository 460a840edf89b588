using Drizzle.Admin.Writing;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Validation;
using Microsoft.AspNetCore.WebUtilities;

namespace Drizzle.Admin.Http;

/// <summary>Every error that the admin API answers.</summary>
internal static class Problems
{
    public static Problem Unauthenticated() => new(401, "unauthenticated", "Who are you?", "A valid token is wanted: Authorization: Bearer TOKEN.");

    public static Problem Unexpected() => new(500, "internal", "Something went wrong here", "The request failed by a fault of this program; the log says more under this instance.");

    public static Problem Engine(string sentence) => new(503, "engine-unavailable", "The engine cannot do this now", sentence);

    public static Problem BadRequest(int status, string detail) => new(status, status == 413 ? "body-too-large" : "bad-request", ReasonPhrases.GetReasonPhrase(status), detail);

    public static Problem OfStatus(int status) => status switch
    {
        404 => new(404, "not-found", "Not found", "There is nothing at this path."),
        405 => new(405, "method-not-allowed", "Method not allowed", "This path does not take this method."),
        _ => new(status, $"status-{status}", ReasonPhrases.GetReasonPhrase(status), "The request was refused."),
    };

    public static Problem Missing(string kind, string name) => new(404, "not-found", "Not found", $"There is no {kind} '{Names.Shown(name)}'.");

    public static Problem Form(IReadOnlyList<ConfigError> errors) => new(400, "malformed", "The body cannot be read", Summary(errors)) { Errors = errors };

    public static Problem Invalid(IReadOnlyList<ConfigError> errors) => new(422, "invalid", "The change is not valid", Summary(errors)) { Errors = errors };

    public static Problem Invalid(string path, string message) => Invalid([new(path, null, message)]);

    public static Problem LastToken() => new(409, "last-token", "The last token", "This is the last token; without it nobody could administer. Make another first.");

    /// <summary>The answer to a change that was not made.</summary>
    public static Problem Of(WriteResult result) => result switch
    {
        WriteResult.Invalid invalid => Invalid(invalid.Errors),
        WriteResult.Missing missing => Missing(missing.Kind, missing.Name),
        WriteResult.Exists exists => new(409, "exists", "It exists already", $"There is a {exists.Kind} '{Names.Shown(exists.Name)}' already."),
        WriteResult.Stale stale => new(412, "stale", "Changed by someone else", $"Expected revision {stale.Expected}, but it is at {stale.Actual}.") { Expected = stale.Expected, Actual = stale.Actual },
        WriteResult.HostTaken taken => new(409, "host-taken", "The host is taken", $"The host '{taken.Host}' belongs to another tenant.") { Host = taken.Host },
        WriteResult.Contended contended => new(409, "contended", "Too many writers", $"Others changed it {contended.Attempts} times in a row meanwhile. Try again."),
        _ => Unexpected(),
    };

    private static string Summary(IReadOnlyList<ConfigError> errors) => errors.Count == 1 ? errors[0].ToString() : $"{errors.Count} errors; each is listed.";
}
