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

    /// <param name="tenant">The one tenant of the file that is meant; all, and the platform's settings, when null.</param>
    /// <exception cref="CommandFailure">The file cannot be read, is wrong, or does not have that tenant.</exception>
    public static async Task<ConfigurationFile> LoadAsync(string path, string? tenant, CancellationToken cancellation)
    {
        var file = Parse(path, await ReadAsync(path, cancellation));
        if (tenant is null) return file;
        var one = file.Tenants.FirstOrDefault(t => t.Slug == tenant) ?? throw new CommandFailure(ExitCode.Refused, $"{path} has no tenant '{tenant}'.");
        return new() { Tenants = [one] };
    }
}
