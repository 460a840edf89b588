using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Validation;

/// <summary>Collects errors with their paths and, where the text is known, their lines.</summary>
public sealed class Findings(ConfigNode? source)
{
    private readonly List<ConfigError> _errors = [];

    public IReadOnlyList<ConfigError> Errors => _errors;

    public bool IsEmpty => _errors.Count == 0;

    public void Add(string path, string message)
    {
        if (_errors.Count < ReadLimits.Errors) _errors.Add(new(path, source?.LineAt(path), message));
        else if (_errors.Count == ReadLimits.Errors) _errors.Add(new("", null, "More errors follow; these are the first."));
    }
}
