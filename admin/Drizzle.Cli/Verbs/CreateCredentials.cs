using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Secrets, each shown once.</summary>
internal static class CreateCredentials
{
    private static readonly Option<string?> Expires = new("--expires") { Description = "How long it is good for, such as 30d; for ever when absent." };

    public static Command Key()
    {
        var consumer = new Option<string>("--consumer") { Description = "Whose it is.", Required = true };
        var scopes = CreateVerb.Many("--scope", "What it may be used for, in a word that policies know.");
        var verb = new Command("key", "Creates a key and shows it once.") { CommonOptions.Tenant, consumer, scopes, Expires, CommonOptions.Output };
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var answer = await PostKeyAsync(admin, parsed.GetRequiredValue(CommonOptions.Tenant), parsed.GetRequiredValue(consumer), parsed.GetValue(scopes) ?? [], parsed.GetValue(Expires), cancellation);
            Show(answer, "key", parsed);
            return await Waiting.AfterAsync(answer.GetProperty("revision").GetInt64(), parsed, admin, cancellation);
        });
        return verb;
    }

    public static Command Token()
    {
        var name = new Argument<string>("NAME");
        var role = new Option<string?>("--role") { Description = "What it may do in its tenant: viewer (default), editor or owner." };
        role.AcceptOnlyFromAmong("viewer", "editor", "owner");
        var verb = new Command("token", "Creates a token of the admin API and shows it once: for one tenant with -t, else for everything.") { name, CommonOptions.AnyTenant, role, Expires, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var body = new JsonObject { ["name"] = parsed.GetRequiredValue(name) };
            CreateVerb.Set(body, "role", parsed.GetValue(role));
            CreateVerb.Set(body, "expiresIn", parsed.GetValue(Expires));
            var path = KindTable.Named("token").PathIn(parsed.GetValue(CommonOptions.AnyTenant));
            Show(await admin.SendAsync(HttpMethod.Post, path, body.ToJsonString(), cancellation), "token", parsed);
            return ExitCode.Done;
        });
        return verb;
    }

    public static Command User()
    {
        var name = new Argument<string>("NAME") { Description = "In lower case; an address of mail will do." };
        var role = new Option<string?>("--role") { Description = "What the user may do in its tenant: viewer (default), editor or owner." };
        role.AcceptOnlyFromAmong("viewer", "editor", "owner");
        var verb = new Command("user", "Creates someone who logs in with a password: for one tenant with -t, else for everything.") { name, CommonOptions.AnyTenant, role, NewPassword.Option, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var admin = AdminClient.From(parsed);
            var body = new JsonObject { ["name"] = parsed.GetRequiredValue(name) };
            CreateVerb.Set(body, "role", parsed.GetValue(role));
            CreateVerb.Set(body, "password", await NewPassword.ReadAsync(parsed, cancellation));
            var path = KindTable.Named("user").PathIn(parsed.GetValue(CommonOptions.AnyTenant));
            NewPassword.Show(await admin.SendAsync(HttpMethod.Post, path, body.ToJsonString(), cancellation), $"Created user {parsed.GetRequiredValue(name)}.", parsed);
            return ExitCode.Done;
        });
        return verb;
    }

    /// <returns>An object whose <c>key</c> is the only sight of it.</returns>
    public static Task<JsonElement> PostKeyAsync(AdminClient admin, string tenant, string consumer, string[] scopes, string? expiresIn, CancellationToken cancellation)
    {
        var body = new JsonObject { ["consumer"] = consumer };
        CreateVerb.Set(body, "expiresIn", expiresIn);
        CreateVerb.Set(body, "scopes", CreateVerb.ListOf(scopes));
        return admin.SendAsync(HttpMethod.Post, KindTable.Named("key").PathIn(tenant), body.ToJsonString(), cancellation);
    }

    /// <summary>On stdout the secret alone, for scripts; what there is to say about it goes to stderr.</summary>
    public static void Show(JsonElement answer, string field, ParseResult parsed) =>
        Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), shown =>
        {
            Terminal.Note($"This {field} is shown once; keep it now:");
            Terminal.Line(Cells.Of(shown, field));
        });
}
