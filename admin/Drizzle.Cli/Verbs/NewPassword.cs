using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>A password that is given to a user: from a file or a pipe, never on the command line, or made by the admin and shown once.</summary>
internal static class NewPassword
{
    public static readonly Option<string?> Option = new("--password-file") { Description = "The file that holds the password in its first line, or - for stdin; one is made and shown once when absent.", HelpName = "FILE" };

    /// <returns>Null where one is to be made.</returns>
    public static async Task<string?> ReadAsync(ParseResult parsed, CancellationToken cancellation) =>
        parsed.GetValue(Option) is { } file ? (await ConfigurationText.ReadAsync(file, cancellation)).Split('\n')[0].TrimEnd('\r') : null;

    public static void Show(JsonElement answer, string done, ParseResult parsed)
    {
        if (answer.TryGetProperty("password", out _)) CreateCredentials.Show(answer, "password", parsed);
        else Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), _ => Terminal.Line(done));
    }
}
