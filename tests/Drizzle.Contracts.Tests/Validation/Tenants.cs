using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Tests.Reading;

namespace Drizzle.Contracts.Tests.Validation;

/// <summary>Judges a tenant that is fine but for the sections that a test gives, and shows where it is not.</summary>
internal static class Tenants
{
    public static IReadOnlyList<ConfigError> Errors(params (string Name, string Yaml)[] sections)
    {
        var fields = new Dictionary<string, string>
        {
            ["slug"] = "acme",
            ["hosts"] = "[api.acme.test, '*.shop.test']",
            ["services"] = "[{ slug: orders, destinations: [{ url: 'http://127.0.0.1:9001' }] }]",
        };
        foreach (var (name, yaml) in sections) fields[name] = yaml;
        return Texts.Read($"tenants: [{{ {string.Join(", ", fields.Select(f => $"{f.Key}: {f.Value}"))} }}]").Errors;
    }

    public static string[] Paths(params (string Name, string Yaml)[] sections) =>
        [.. Errors(sections).Select(e => e.Path.Replace("tenants[0].", "", StringComparison.Ordinal))];
}
