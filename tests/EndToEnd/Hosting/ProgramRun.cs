using System.Text.Json;

namespace Drizzle.EndToEnd.Hosting;

/// <summary>How a program ended that ran to its end.</summary>
internal sealed record ProgramRun(int Code, string Out, string Error)
{
    public JsonElement Json => JsonElement.Parse(Out);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task<ProgramRun> OfAsync(string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment = null, string? input = null)
    {
        await using var program = await StartedProgram.StartAsync(file, arguments, environment, input);
        var code = await program.ExitAsync();
        return new(code, program.Out, program.Error);
    }

    /// <summary>Fails the test, with what was said, unless it ended so.</summary>
    public ProgramRun Ended(int code)
    {
        Assert.AreEqual(code, Code, $"stdout:\n{Out}\nstderr:\n{Error}");
        return this;
    }
}
