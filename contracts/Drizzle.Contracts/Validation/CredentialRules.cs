using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Validation;

/// <summary>What a service shows its upstream.</summary>
internal static class CredentialRules
{
    private const int Most = 8;
    private const int LongestPrefix = 64;
    private const int LongestName = 256;
    private const int LongestPath = 4096;

    public static void Check(Service service, string path, Findings findings)
    {
        if (service.Credentials.Count > Most) findings.Add(path, $"At most {Most}.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < service.Credentials.Count; i++)
        {
            var (credential, at) = (service.Credentials[i], $"{path}[{i}]");
            if (!Names.IsToken(credential.Header)) findings.Add($"{at}.header", "Not a header name.");
            else if (TransformRules.Untouchable.Contains(credential.Header)) findings.Add($"{at}.header", $"{credential.Header} frames the message or speaks of one connection, and cannot be set.");
            else if (!seen.Add(credential.Header)) findings.Add($"{at}.header", "Stands twice.");
            if (credential.Prefix is { } prefix && (prefix.Length > LongestPrefix || !Names.IsHeaderValue(prefix))) findings.Add($"{at}.prefix", $"At most {LongestPrefix} printable characters.");
            Check(credential.Secret, $"{at}.secret", findings);
        }
    }

    /// <summary>A secret, wherever it stands.</summary>
    public static void Check(Secret secret, string path, Findings findings)
    {
        var forms = new[] { secret.FromEnv is not null, secret.FromFile is not null, secret.Value is not null, secret.Stored, secret.Sealed is not null }.Count(stated => stated);
        if (forms != 1) findings.Add(path, "Exactly one of fromEnv, fromFile and value.");
        if (secret.FromEnv is { } name && (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))) findings.Add($"{path}.fromEnv", "The name of an environment variable has letters, digits and '_'.");
        if (secret.FromFile is { } file && (file.Length is 0 or > LongestPath || file.Any(char.IsControl))) findings.Add($"{path}.fromFile", "Not a path.");
        if (secret.Value is { } value && (value.Length == 0 || !Names.IsHeaderValue(value))) findings.Add($"{path}.value", "1 to 4096 printable characters.");
    }
}
