using Drizzle.Benchmarks.Machine;
using Drizzle.Testing;

namespace Drizzle.Benchmarks.Targets;

/// <summary>The one origin behind all targets: nginx where it is installed, else the test origin in a process of its own.</summary>
internal static class OriginProcess
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task<Target> StartAsync(string folder, Session session)
    {
        if (Tools.Find("nginx") is not null)
        {
            var port = Ports.Free(1)[0];
            return Nginx.Start("origin (nginx)", folder, "origin", port, Cores.Load, """
                server { listen 127.0.0.1:PORT; location / { default_type application/json; return 200 '{"ok":true,"message":"a small answer of about one hundred bytes, as an API would give; padded so....."}'; } }
                """.Replace("PORT", port.ToString(), StringComparison.Ordinal));
        }
        var child = ChildProcess.Start(Cores.On(Cores.Load, Installation.ThisProgram, "origin"), DotNetSettings.Bare());
        int stated;
        while (!int.TryParse(child.Said(), out stated))
        {
            if (child.HasEnded) throw new BenchmarkFailure($"The origin ended:\n{child.Said()}");
            await session.PauseAsync(Pause);
        }
        return new Target("origin", stated, child);
    }

    /// <summary>What the child process does, until its standard input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        await using var origin = new RawOrigin();
        Console.Out.WriteLine(origin.Port);
        await Installation.ParentLeftAsync();
        return 0;
    }
}
