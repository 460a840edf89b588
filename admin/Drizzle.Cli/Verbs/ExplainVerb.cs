using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Json;

namespace Drizzle.Cli.Verbs;

/// <summary>Shows what would become of a request, and why.</summary>
internal static class ExplainVerb
{
    /// <summary>Of the routes that lost, as many are shown to people.</summary>
    private const int MostLost = 10;

    public static Command Create()
    {
        var method = new Argument<string>("METHOD") { Description = "Such as GET." };
        var url = new Argument<string>("URL") { Description = "Such as https://api.acme.test/orders/7, or a path." };
        var headers = new Option<string[]>("--header", "-H") { Description = "A header of the request, as curl takes it.", HelpName = "NAME: VALUE" };
        var address = new Option<string?>("--address") { Description = "Where the request would come from. Default 127.0.0.1.", HelpName = "ADDRESS" };
        var verb = new Command("explain", "Says what would become of a request, stage by stage; sends and charges nothing.") { method, url, CommonOptions.Tenant, headers, address, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            var asked = new ExplainRequest
            {
                Method = parsed.GetRequiredValue(method).ToUpperInvariant(),
                Url = parsed.GetRequiredValue(url),
                Headers = [.. (parsed.GetValue(headers) ?? []).Select(HeaderOf)],
                Address = parsed.GetValue(address),
            };
            using var admin = AdminClient.From(parsed);
            var path = $"{KindTable.ScopePath(parsed.GetRequiredValue(CommonOptions.Tenant))}/explain";
            var answer = await admin.SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(asked, ModelJson.Default.ExplainRequest), cancellation);
            Terminal.Show(answer, parsed.GetRequiredValue(CommonOptions.Output), Print);
            return ExitCode.Done;
        });
        return verb;
    }

    private static ExplainHeader HeaderOf(string text) => text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
        ? new() { Name = text[..colon].Trim(), Value = text[(colon + 1)..].Trim() }
        : throw new CommandFailure(ExitCode.WrongUsage, "-H wants a header as NAME: VALUE.");

    private static void Print(JsonElement answer)
    {
        var outcome = Cells.Of(answer, "outcome");
        Terminal.Line(outcome == "forwarded" ? $"Forwarded to {Cells.Of(answer, "destination")}." : $"{(outcome == "preflight" ? "Answered" : "Refused")} with {Cells.Of(answer, "status")}: {Cells.Of(answer, "detail")}");
        if (answer.TryGetProperty("route", out var route)) Terminal.Line($"route        {Cells.Of(route, "name")} of service {Cells.Of(route, "service")}: {Cells.Of(route, "why")}");
        PrintLost(answer);
        if (answer.TryGetProperty("credential", out var credential)) Terminal.Line($"credential   {Who(credential)}{Cells.Of(credential, "why")}");
        foreach (var policy in answer.GetProperty("policies").EnumerateArray()) Terminal.Line($"policy       {PolicyLine(policy)}");
        foreach (var limit in answer.GetProperty("limits").EnumerateArray()) Terminal.Line($"limit        {LimitLine(limit)}");
        foreach (var destination in answer.GetProperty("destinations").EnumerateArray()) Terminal.Line($"destination  {Cells.Of(destination, "url")}{(Cells.Of(destination, "why") is { Length: > 0 } why ? $": out, {why}" : "")}");
        Terminal.Line($"by revision {Cells.Of(answer, "revision")}");
    }

    private static void PrintLost(JsonElement answer)
    {
        var lost = answer.GetProperty("lost").EnumerateArray().ToArray();
        foreach (var other in lost.Take(MostLost)) Terminal.Line($"  not        {Cells.Of(other, "name")}: {Cells.Of(other, "why")}");
        var more = answer.GetProperty("lostInAll").GetInt32() - Math.Min(lost.Length, MostLost);
        if (more > 0) Terminal.Line($"  not        {more} more");
    }

    private static string Who(JsonElement credential)
    {
        var who = string.Join(" with ", new[] { "caller", "key" }.Where(name => credential.TryGetProperty(name, out _)).Select(name => Cells.Of(credential, name)));
        var consumer = credential.TryGetProperty("consumer", out _) ? $" of consumer {Cells.Of(credential, "consumer")}" : "";
        return who.Length > 0 ? $"{who}{consumer}. " : "";
    }

    private static string PolicyLine(JsonElement policy)
    {
        var applies = !policy.TryGetProperty("applies", out var verdict) ? $"cannot be evaluated: {Cells.Of(policy, "why")}" : verdict.GetBoolean() ? $"{Cells.Of(policy, "effect")}s it" : $"does not {Cells.Of(policy, "effect")} it";
        return $"{Cells.Of(policy, "name")}: {applies}{(policy.GetProperty("isShadow").GetBoolean() ? " (in shadow: decides nothing)" : "")}";
    }

    private static string LimitLine(JsonElement limit)
    {
        var subject = Cells.Of(limit, "subject") is { Length: > 0 } text ? $" [{text}]" : "";
        var level = limit.TryGetProperty("level", out _) ? $"{Cells.Of(limit, "level")} of {Cells.Of(limit, "burst")} left" : $"of {Cells.Of(limit, "burst")}, the level is not known here";
        return $"{Cells.Of(limit, "name")}{subject}: {level}, takes {Cells.Of(limit, "cost")}";
    }
}
