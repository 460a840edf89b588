using System.CommandLine;
using Drizzle.Cli.Running;

namespace Drizzle.Cli.Verbs;

/// <summary>One silo of the orleans engine.</summary>
internal static class SiloVerb
{
    public static Command Create()
    {
        var verb = new Command("silo", "Runs one silo of the orleans engine over a PostgreSQL database, and keeps the database's schema.");
        verb.SetAction((_, _) => Roles.RunAsync(signals => OrleansChoice.RunSiloAsync(signals, TimeProvider.System)));
        return verb;
    }
}
