using System.Reflection;
using System.Security.Cryptography;

namespace Drizzle.Edge.Hosting;

/// <summary>Who this edge is.</summary>
internal sealed record EdgeIdentity(string Id, string Version, DateTimeOffset StartedAt)
{
    public static EdgeIdentity Of(EdgeOptions options, TimeProvider clock) => new(
        options.Id ?? NameOf(options),
        typeof(EdgeIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        clock.GetUtcNow());

    /// <summary>One machine has one process at a port, so this edge has the same name when it is started again, and what was known of it is replaced.</summary>
    private static string NameOf(EdgeOptions options)
    {
        var port = Listen.Parse(options.Http).Port;
        return $"{Environment.MachineName}-{(port != 0 ? $"{port}" : RandomNumberGenerator.GetHexString(6, lowercase: true))}";
    }
}
