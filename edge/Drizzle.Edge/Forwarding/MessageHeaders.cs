namespace Drizzle.Edge.Forwarding;

/// <summary>Changes the headers of a message. They stand in two collections, and each throws for a name of the other's.</summary>
internal static class MessageHeaders
{
    private static readonly HashSet<string> OfContent = new(StringComparer.OrdinalIgnoreCase)
    {
        "Allow", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-MD5", "Content-Range", "Content-Type", "Expires", "Last-Modified",
    };

    public static void Remove(HttpRequestMessage message, string name)
    {
        if (OfContent.Contains(name)) message.Content?.Headers.Remove(name);
        else message.Headers.Remove(name);
    }

    /// <summary>Where the message has no body, a header of the body is left out.</summary>
    public static void Add(HttpRequestMessage message, string name, string value)
    {
        if (OfContent.Contains(name)) message.Content?.Headers.TryAddWithoutValidation(name, value);
        else message.Headers.TryAddWithoutValidation(name, value);
    }
}
