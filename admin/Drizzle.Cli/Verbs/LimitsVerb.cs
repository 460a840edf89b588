using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Tokens by hand. What there is to see, 'get limits' and 'get quotas' show.</summary>
internal static class LimitsVerb
{
    private static readonly Argument<string> Limit = new("LIMIT") { Description = "As 'get limits' and 'get quotas' name it, such as plan:starter/per-minute." };
    private static readonly Option<string?> Subject = new("--subject") { Description = "For whom, such as a consumer; none where one bucket is for all.", HelpName = "SUBJECT" };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why; kept in the audit.", HelpName = "TEXT" };

    public static Command Create() => new("limits", "Fills buckets and quotas by hand.") { Reset(), Grant() };

    private static Command Reset()
    {
        var verb = new Command("reset", "Fills a bucket, or makes a quota's whole amount free again.") { Limit, Subject, CommonOptions.AnyTenant, Reason };
        verb.SetAction((parsed, cancellation) => SendAsync("reset", null, parsed, cancellation));
        return verb;
    }

    private static Command Grant()
    {
        var tokens = new Option<long>("--tokens") { Description = "How many.", HelpName = "N", Required = true };
        var verb = new Command("grant", "Puts tokens into a bucket, at most until it is full, or adds to a quota for its window.") { Limit, Subject, CommonOptions.AnyTenant, tokens, Reason };
        verb.SetAction((parsed, cancellation) => SendAsync("grant", parsed.GetRequiredValue(tokens), parsed, cancellation));
        return verb;
    }

    private static async Task<int> SendAsync(string action, long? tokens, ParseResult parsed, CancellationToken cancellation)
    {
        var (limit, subject) = (parsed.GetRequiredValue(Limit), parsed.GetValue(Subject));
        var asked = new JsonObject { ["limit"] = limit };
        if (subject is not null) asked["subject"] = subject;
        if (tokens is not null) asked["tokens"] = tokens;
        if (parsed.GetValue(Reason) is { } reason) asked["reason"] = reason;
        using var admin = AdminClient.From(parsed);
        var answer = await admin.SendAsync(HttpMethod.Post, $"{KindTable.ScopePath(parsed.GetValue(CommonOptions.AnyTenant))}/limits/{action}", asked.ToJsonString(), cancellation);
        var whose = string.IsNullOrEmpty(subject) ? limit : $"{limit} [{subject}]";
        Terminal.Line(answer.TryGetProperty("level", out var level) && level.ValueKind == JsonValueKind.Number ? $"{whose}: {level} left." : $"{whose} is full.");
        return ExitCode.Done;
    }
}
