using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;
using Drizzle.Cli.Output;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Policies;

namespace Drizzle.Cli.Verbs;

/// <summary>What one wants beside when one writes policies; no server is asked.</summary>
internal static class PoliciesVerb
{
    public static Command Create() => new("policies", "Tries policies, and shows what they may name.") { Test(), Schema() };

    private static Command Test()
    {
        var verb = new Command("test", "Reads a configuration file, validates its policies and runs their tests, as apply does.") { CommonOptions.File, CommonOptions.AnyTenant, CommonOptions.Output };
        verb.SetAction(async (parsed, cancellation) =>
        {
            // What is wrong, failing tests too, is said by who reads the file.
            var file = await ConfigurationText.LoadAsync(parsed.GetRequiredValue(CommonOptions.File), parsed.GetValue(CommonOptions.AnyTenant), cancellation);
            var passed = file.Tenants.SelectMany(t => t.Policies.SelectMany(p => p.Tests.Select(test => (Tenant: t.Slug, Policy: p.Name, Test: test)))).ToList();
            var answer = new JsonArray([.. passed.Select(p => new JsonObject { ["tenant"] = p.Tenant, ["policy"] = p.Policy, ["request"] = p.Test.Request, ["consumer"] = p.Test.Consumer, ["decision"] = Decision(p.Test) })]);
            Terminal.Show(JsonSerializer.SerializeToElement(answer), parsed.GetRequiredValue(CommonOptions.Output), _ => Print(passed, file));
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command Schema()
    {
        var verb = new Command("schema", "Prints the Cedar schema that policies are validated by.");
        verb.SetAction(_ =>
        {
            Terminal.Document(GatewaySchema.Text);
            return ExitCode.Done;
        });
        return verb;
    }

    private static string Caller(PolicyTest test) => test switch
    {
        { Token: { } token } => $"as {token.Issuer}/{token.Subject}",
        { Certificate: [var name, ..] } => $"as {name}",
        { Consumer: { } consumer } => $"as {consumer}",
        _ => "without a credential",
    };

    private static void Print(List<(string Tenant, string Policy, PolicyTest Test)> passed, ConfigurationFile file)
    {
        foreach (var (tenant, policy, test) in passed) Terminal.Line($"ok  {tenant}/{policy}: {test.Request} {Caller(test)}: {Decision(test)}");
        Terminal.Line($"{passed.Count} tests of {file.Tenants.Sum(t => t.Policies.Count)} policies pass.");
    }

    private static string Decision(PolicyTest test) => test.Expect == PolicyEffect.Allow ? "allow" : "deny";
}
