using System.Reflection;
using System.Security.Cryptography;

namespace Drizzle.Edge.Hosting;

/// <summary>Who this edge is, anew at each start.</summary>
internal sealed record EdgeIdentity(string Id, string Version, DateTimeOffset StartedAt)
{
    public static EdgeIdentity New(TimeProvider clock) => new(
        $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
        typeof(EdgeIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        clock.GetUtcNow());
}
