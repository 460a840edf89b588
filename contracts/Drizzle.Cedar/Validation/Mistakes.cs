namespace Drizzle.Cedar.Validation;

/// <summary>The errors of one policy, each once however many kinds of requests have it.</summary>
internal sealed class Mistakes(string policy)
{
    private readonly HashSet<Finding> _all = [];

    public IEnumerable<Finding> All => _all;

    public void Add(string message, TextPosition at) => _all.Add(new Finding(policy, true, message, at));
}
