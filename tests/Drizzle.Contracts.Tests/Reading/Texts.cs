using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Tests.Reading;

/// <summary>Reads texts, and shows errors as <c>path@line</c>.</summary>
internal static class Texts
{
    public static string? NoEnvironment(string name) => null;

    public static (ConfigurationFile? File, IReadOnlyList<ConfigError> Errors) Read(string yaml, params (string Name, string Value)[] environment)
    {
        var values = environment.ToDictionary(e => e.Name, e => e.Value);
        return (ConfigurationReader.Read(yaml, values.GetValueOrDefault, out var errors), errors);
    }

    /// <summary>Binds without judging.</summary>
    public static (T? Value, List<ConfigError> Errors) Bind<T>(string yaml, params (string Name, string Value)[] environment) where T : class
    {
        var values = environment.ToDictionary(e => e.Name, e => e.Value);
        var errors = new List<ConfigError>();
        return (YamlReader.Read(yaml, values.GetValueOrDefault, errors) is { } node ? ModelBinder.Bind<T>(node, "", errors) : null, errors);
    }

    public static string[] Places(IEnumerable<ConfigError> errors) => [.. errors.Select(e => $"{e.Path}@{e.Line}")];
}
