using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Cli.Client;

/// <summary>Reads a configuration file with this process's environment.</summary>
internal static class ConfigurationText
{
    /// <param name="path">A file, or - for the standard input.</param>
    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return path == "-" ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{path} cannot be read: {e.Message}");
        }
    }

    /// <exception cref="CommandFailure">With every error, its line and its path.</exception>
    public static ConfigurationFile Parse(string path, string text)
    {
        var shown = path == "-" ? "stdin" : path;
        return ConfigurationReader.Read(text, Environment.GetEnvironmentVariable, out var errors)
            ?? throw new CommandFailure(ExitCode.Refused, [.. errors.Select(e => $"{shown}: {e}")]);
    }

    public static async Task<ConfigurationFile> LoadAsync(string path, CancellationToken cancellation) => Parse(path, await ReadAsync(path, cancellation));
}
