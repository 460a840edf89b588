using System.CommandLine;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Creates one object from options. The admin API judges what comes of them, so that there is one judge.</summary>
internal static class CreateVerb
{
    public static Command Create() => new("create", "Creates one object.")
    {
        CreateObjects.Tenant(),
        CreateObjects.Service(),
        CreateObjects.Route(),
        CreateObjects.Consumer(),
        CreateObjects.Plan(),
        CreateObjects.Policy(),
        CreateObjects.Issuer(),
        CreateCredentials.Key(),
        CreateCredentials.Token(),
        CreateCredentials.User(),
    };

    /// <summary>A verb that posts one object of a kind.</summary>
    /// <param name="bodyOf">Makes the object; the name is already in it.</param>
    public static Command Of(string kind, string nameField, IEnumerable<Option> options, Func<ParseResult, JsonObject, CancellationToken, Task> bodyOf)
    {
        var table = KindTable.Named(kind);
        var name = new Argument<string>(nameField.ToUpperInvariant());
        var verb = new Command(kind, $"Creates a {kind}.") { name, CommonOptions.Output };
        if (table.Place == KindPlace.Tenant) verb.Options.Add(CommonOptions.Tenant);
        foreach (var option in options) verb.Options.Add(option);
        Waiting.AddTo(verb);
        verb.SetAction(async (parsed, cancellation) =>
        {
            var body = new JsonObject { [nameField] = parsed.GetRequiredValue(name) };
            await bodyOf(parsed, body, cancellation);
            using var admin = AdminClient.From(parsed);
            var path = table.PathIn(table.Place == KindPlace.Tenant ? parsed.GetRequiredValue(CommonOptions.Tenant) : null);
            var answer = await admin.SendAsync(HttpMethod.Post, path, body.ToJsonString(), cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), shown =>
                Terminal.Line($"Created {kind} {parsed.GetRequiredValue(name)} (revision {Cells.Of(shown, "revision")})."));
            return await Waiting.AfterAsync(answer.GetProperty("revision").GetInt64(), parsed, admin, cancellation);
        });
        return verb;
    }

    /// <summary>An option that may be stated more than once.</summary>
    public static Option<string[]> Many(string name, string description, bool isRequired = false) =>
        new(name) { Description = description, Required = isRequired, AllowMultipleArgumentsPerToken = true };

    /// <summary>Null, and so left out, where nothing was stated.</summary>
    public static JsonArray? ListOf(string[]? values) => values is { Length: > 0 } ? new JsonArray([.. values.Select(v => (JsonNode)v)]) : null;

    /// <summary>Sets what was stated.</summary>
    public static void Set(JsonObject body, string field, JsonNode? value)
    {
        if (value is not null) body[field] = value;
    }
}
