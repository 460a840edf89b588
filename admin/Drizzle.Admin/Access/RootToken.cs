using Drizzle.Contracts.Ports;

namespace Drizzle.Admin.Access;

/// <summary>The first token, without which nobody could make another.</summary>
public static class RootToken
{
    public const string Name = "root";

    /// <summary>The file's name in the data folder; readable by its owner alone.</summary>
    public const string FileName = "root.token";

    /// <returns>The token's text where one was made, to be shown once; null where tokens exist already.</returns>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static async Task<string?> EnsureAsync(IAccessTokens tokens, string dataFolder, TimeProvider clock, CancellationToken cancellation = default)
    {
        if ((await tokens.ListAsync(cancellation)).Count > 0) return null;
        var token = Credentials.NewToken();
        Directory.CreateDirectory(dataFolder);
        // The file first: a token that is stored and written nowhere would lock everybody out.
        await WriteAsync(Path.Combine(dataFolder, FileName), token.Text, cancellation);
        if (await tokens.AddAsync(new(Name, token.Hash, clock.GetUtcNow()), cancellation)) return token.Text;
        // Another process was faster; this token opens nothing.
        File.Delete(Path.Combine(dataFolder, FileName));
        return null;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        // A file that is there would keep its mode.
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync((text + "\n").AsMemory(), cancellation);
    }
}
