namespace Drizzle.Cedar.Validation;

/// <summary>The errors of one policy, each once however many kinds of requests have it.</summary>
internal sealed class Mistakes(string policy)
{
    private const int Most = 100;

    // Expressions and types are quoted, and may be of any length.
    private const int Longest = 400;

    private readonly HashSet<Finding> _all = [];

    public IEnumerable<Finding> All => _all;

    public void Add(string message, TextPosition at)
    {
        if (_all.Count < Most) _all.Add(new Finding(policy, true, message.Length <= Longest ? message : message[..Longest] + "…", at));
    }
}
