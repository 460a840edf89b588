namespace Drizzle.Contracts.Addresses;

/// <summary>Places of which what comes was not changed on its way.</summary>
public static class SafeUrl
{
    /// <returns>Whether it is an https URL, or an http one of this machine, without user and fragment.</returns>
    public static bool Is(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { UserInfo.Length: 0, Fragment.Length: 0 } && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));
}
