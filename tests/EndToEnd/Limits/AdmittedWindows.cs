using System.Globalization;

namespace Drizzle.EndToEnd.Limits;

/// <summary>What the limits promise: in no window is more admitted than the burst and what is refilled in it.</summary>
internal static class AdmittedWindows
{
    /// <param name="admitted">Each not before its first instant and not after its second, in seconds.</param>
    /// <param name="rate">Tokens a second.</param>
    /// <param name="most">The burst, with what the measuring may be wrong by.</param>
    /// <param name="every">Of the windows, each that begins with one of so many admissions.</param>
    public static void Expect(IReadOnlyCollection<(double From, double To)> admitted, double rate, double most, string what, int every = 1)
    {
        foreach (var start in admitted.Select(a => a.From).Order().Where((_, i) => i % every == 0))
        {
            var ends = admitted.Where(a => a.From >= start).Select(a => a.To).Order().ToArray();
            for (var count = 1; count <= ends.Length; count++)
            {
                var window = ends[count - 1] - start;
                Assert.IsLessThanOrEqualTo(most + (rate * window), count, string.Create(CultureInfo.InvariantCulture, $"{what}: {count} in {window} s"));
            }
        }
    }
}
