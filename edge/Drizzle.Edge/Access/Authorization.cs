using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Access;

/// <summary>
/// Lets through what authentication accepted and what its route states as public; nothing else reaches this stage's end.
/// Policies are stored and shown, and will be judged here.
/// </summary>
internal static class Authorization
{
    private static readonly Refusal Denied = new(Microsoft.AspNetCore.Http.StatusCodes.Status403Forbidden, "denied", "Denied", "Nothing permits this request.");

    public static Refusal? Authorize(Exchange exchange) =>
        exchange.Key is not null || exchange.Route is { IsPublic: true } ? null : Denied;
}
