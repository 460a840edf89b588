namespace Drizzle.Edge.Secrets;

/// <summary>A file that a configuration names, so it may be anything: what has no size is a device or a pipe, which would be read for ever.</summary>
internal static class SmallFile
{
    /// <param name="what">Whose it is, such as <c>a secret</c>.</param>
    /// <param name="largest">In KiB.</param>
    /// <returns>The file itself where a link leads to it, as mounted secrets do, which are swapped.</returns>
    /// <exception cref="IOException">It is not there, has no size, or is too large.</exception>
    public static string Find(string file, string what, int largest)
    {
        var info = new FileInfo(File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file : file);
        if (!info.Exists) throw new FileNotFoundException($"The file '{file}' of {what} is not there.");
        return info.Length > 0 && info.Length <= largest * 1024L ? info.FullName : throw new IOException($"The file '{file}' of {what} is empty, no file, or larger than {largest} KiB.");
    }
}
