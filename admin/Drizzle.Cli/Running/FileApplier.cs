using Drizzle.Admin.Writing;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Model;

namespace Drizzle.Cli.Running;

/// <summary>Applies a configuration file within this process, without the admin API, and says how each tenant fared.</summary>
internal sealed class FileApplier(TenantWriter writer, string path, bool prune)
{
    /// <returns>False where some part was refused; the others are applied all the same.</returns>
    public async Task<bool> ApplyAsync(ConfigurationFile file, CancellationToken cancellation)
    {
        var isAllDone = true;
        foreach (var (scope, result) in await writer.ApplyAsync(file, Path.GetFileName(path), prune, new("file", Path.GetFileName(path)), cancellation))
        {
            if (result is WriteResult.Done done) Terminal.Line(done.Changes.Count == 0 ? $"{scope}: unchanged (revision {done.Revision})" : $"{scope}: revision {done.Revision}");
            else isAllDone = Refused(scope, result);
        }
        return isAllDone;
    }

    private static bool Refused(string scope, WriteResult result)
    {
        if (result is WriteResult.Invalid invalid)
        {
            foreach (var error in invalid.Errors) Terminal.Error($"{scope}: {error}");
        }
        else Terminal.Error($"{scope}: {result.Reason}");
        return false;
    }
}
