using Drizzle.Contracts.Model;
using Drizzle.Contracts.Validation;

namespace Drizzle.Contracts.Reading;

/// <summary>From the text of a configuration file to a judged configuration.</summary>
public static class ConfigurationReader
{
    /// <param name="text">YAML, which JSON is too.</param>
    /// <param name="environment">Answers <c>${NAME}</c>; null where a name is not set.</param>
    /// <param name="errors">Every error of form and meaning, with line and path.</param>
    /// <returns>Null where there are errors.</returns>
    public static ConfigurationFile? Read(string text, Func<string, string?> environment, out IReadOnlyList<ConfigError> errors)
    {
        var found = new List<ConfigError>();
        errors = found;
        if (YamlReader.Read(text, environment, found) is not { } node) return null;
        if (ModelBinder.Bind<ConfigurationFile>(node, "", found) is not { } file) return null;
        var findings = new Findings(node);
        Validator.Check(file, findings);
        found.AddRange(findings.Errors);
        return findings.IsEmpty ? file : null;
    }
}
