namespace Drizzle.Contracts.Parallelism;

/// <summary>The same work for each of a list: a start has thousands and uses all cores; an edit has one, for which that would cost more than it gives.</summary>
public static class OnAllCores
{
    private const int Fewest = 16;

    /// <summary>In the order of the list. What <paramref name="work"/> does for one knows nothing of the others.</summary>
    public static TResult[] Map<T, TResult>(IReadOnlyList<T> items, Func<T, TResult> work)
    {
        var results = new TResult[items.Count];
        if (results.Length < Fewest)
        {
            for (var i = 0; i < results.Length; i++) results[i] = work(items[i]);
        }
        else
        {
            Parallel.For(0, results.Length, i => results[i] = work(items[i]));
        }
        return results;
    }
}
