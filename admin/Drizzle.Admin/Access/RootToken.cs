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
        if ((await tokens.ListAsync("", cancellation)).Count > 0) return null;
        var token = Credentials.NewToken();
        var file = Path.Combine(dataFolder, FileName);
        // Another process may be doing the same in the same folder: only the one whose token is stored puts its file in place.
        var draft = $"{file}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(dataFolder);
        // The file first: a token that is stored and written nowhere would lock everybody out.
        await WriteAsync(draft, token.Text, cancellation);
        var isFirst = await tokens.AddAsync(new("", Name, token.Hash, AccessRole.PlatformOwner, clock.GetUtcNow()), new("drizzle", "The first start."), cancellation);
        if (isFirst) File.Move(draft, file, overwrite: true);
        else File.Delete(draft);
        return isFirst ? token.Text : null;
    }

    private static async Task WriteAsync(string path, string text, CancellationToken cancellation)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new StreamWriter(path, options);
        await file.WriteAsync((text + "\n").AsMemory(), cancellation);
    }
}
