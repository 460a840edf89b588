using Drizzle.Admin.Writing;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Model;

namespace Drizzle.Cli.Running;

/// <summary>Applies a configuration file within this process, without the admin API, and says how each tenant fared.</summary>
/// <param name="owner">The name under which the file owns what it states; null where it owns nothing.</param>
/// <param name="isForced">Whether it takes what it states from other files.</param>
internal sealed class FileApplier(TenantWriter writer, string path, string? owner, bool prune, bool isForced)
{
    /// <returns>False where some part was refused, unless another file keeps it; the others are applied all the same.</returns>
    public async Task<bool> ApplyAsync(ConfigurationFile file, CancellationToken cancellation)
    {
        var isAllDone = true;
        foreach (var (scope, result) in await writer.ApplyAsync(file, owner, prune, isForced, new("file", Path.GetFileName(path)), cancellation))
        {
            if (result is WriteResult.Done done) Terminal.Line(done.Changes.Count == 0 ? $"{scope}: unchanged (revision {done.Revision})" : $"{scope}: revision {done.Revision}");
            else isAllDone &= Refused(scope, result);
        }
        return isAllDone;
    }

    /// <returns>Whether it can be lived with.</returns>
    private static bool Refused(string scope, WriteResult result)
    {
        if (result is WriteResult.Invalid invalid)
        {
            foreach (var error in invalid.Errors) Terminal.Error($"{scope}: {error}");
        }
        else Terminal.Error($"{scope}: {result.Reason}");
        // What another file keeps is in force as that has it, and no reason to serve nothing.
        return result is WriteResult.OwnedByFile;
    }
}
