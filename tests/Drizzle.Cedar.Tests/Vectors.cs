using System.Text.Json;

namespace Drizzle.Cedar.Tests;

/// <summary>Cases with the reference's answers, made by the generator in the folder Oracle.</summary>
internal static class Vectors
{
    private const int MostShown = 20;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Tries every case of the files whose name begins so.</summary>
    /// <param name="judge">What is wrong with the case; null where nothing is.</param>
    public static void Expect(string name, int least, Func<JsonElement, IEnumerable<string>> judge)
    {
        var (count, wrong) = (0, new List<string>());
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Vectors")).Where(f => IsOf(f, name)).Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file))
            {
                count++;
                using var document = JsonDocument.Parse(line, Deep);
                wrong.AddRange(Judged(document.RootElement, judge).Select(w => $"{w}\n  in {Path.GetFileName(file)}: {(line.Length < 1500 ? line : line[..1500])}"));
            }
        }
        Assert.IsGreaterThanOrEqualTo(least, count, "There are fewer cases than there have to be.");
        Assert.IsEmpty(wrong, $"{wrong.Count} answers of {count} cases differ from the reference's:\n{string.Join('\n', wrong.Take(MostShown))}");
    }

    /// <summary>Many cases are in several files with a number each.</summary>
    private static bool IsOf(string file, string name) => Path.GetFileNameWithoutExtension(file).TrimEnd("-0123456789".ToCharArray()) == name && Path.GetExtension(file) == ".jsonl";

    private static IEnumerable<string> Judged(JsonElement element, Func<JsonElement, IEnumerable<string>> judge)
    {
        try
        {
            return [.. judge(element)];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [e.ToString().Split("\n   at Drizzle.Cedar.Tests", 2)[0]];
        }
    }
}
