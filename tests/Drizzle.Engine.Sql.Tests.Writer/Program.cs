using System.Security.Cryptography;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;
using Drizzle.Engine.Sql;

// Writes tenants until it is killed and prints "revision slug name ." after each write that was acknowledged.
// Arguments: the data folder, and optionally a file that takes up room. When a write is refused, the reason goes to stderr; the file, if
// there is one, is deleted and twenty more writes follow.
var ballast = args.Length > 1 ? args[1] : null;
var author = new ChangeAuthor("writer", null);
try
{
    await using var engine = await SqliteEngine.OpenAsync(args[0], TimeProvider.System, CancellationToken.None);
    for (var left = int.MaxValue; left > 0; left--)
    {
        try
        {
            await WriteAsync(engine.Store);
        }
        catch (EngineException e) when (ballast is not null)
        {
            await Console.Error.WriteLineAsync(e.Message);
            File.Delete(ballast);
            ballast = null;
            left = 20;
        }
    }
    return 0;
}
catch (EngineException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}

async Task WriteAsync(IConfigStore store)
{
    var slug = $"tenant-{RandomNumberGenerator.GetInt32(10)}";
    var stored = await store.ReadTenantAsync(slug, CancellationToken.None);
    var name = RandomNumberGenerator.GetHexString(1000);
    var outcome = await store.WriteTenantAsync(slug, stored?.Revision ?? 0, new TenantDocument { Tenant = new() { Slug = slug, Name = name } }, author, CancellationToken.None);
    if (outcome is WriteOutcome.Written(var revision)) Console.WriteLine($"{revision} {slug} {name} .");
}
