using System.CommandLine;
using System.Text.Json.Nodes;
using Drizzle.Cli.Client;

namespace Drizzle.Cli.Verbs;

/// <summary>Objects that have a name.</summary>
internal static class CreateObjects
{
    public static Command Tenant()
    {
        var name = new Option<string?>("--name") { Description = "The name shown to people." };
        var hosts = CreateVerb.Many("--host", "A host that belongs to this tenant alone.");
        return CreateVerb.Of("tenant", "slug", [name, hosts], (parsed, body, _) =>
        {
            CreateVerb.Set(body, "name", parsed.GetValue(name));
            CreateVerb.Set(body, "hosts", CreateVerb.ListOf(parsed.GetValue(hosts)));
            return Task.CompletedTask;
        });
    }

    public static Command Service()
    {
        var urls = CreateVerb.Many("--url", "Where requests may go, such as http://127.0.0.1:9001.", isRequired: true);
        return CreateVerb.Of("service", "slug", [urls], (parsed, body, _) =>
        {
            body["destinations"] = new JsonArray([.. parsed.GetRequiredValue(urls).Select(u => (JsonNode)new JsonObject { ["url"] = u })]);
            return Task.CompletedTask;
        });
    }

    public static Command Route()
    {
        var service = new Option<string>("--service") { Description = "The service that answers.", Required = true };
        var paths = CreateVerb.Many("--path", "A path pattern, such as /api/orders/**.", isRequired: true);
        var methods = CreateVerb.Many("--method", "A method, such as GET; all when absent.");
        var auth = CreateVerb.Many("--auth", "A credential of which one is wanted: key (default), jwt, mtls, or none alone.");
        auth.AcceptOnlyFromAmong("key", "jwt", "mtls", "none");
        return CreateVerb.Of("route", "name", [service, paths, methods, auth], (parsed, body, _) =>
        {
            body["service"] = parsed.GetRequiredValue(service);
            var match = new JsonObject { ["paths"] = CreateVerb.ListOf(parsed.GetRequiredValue(paths)) };
            CreateVerb.Set(match, "methods", CreateVerb.ListOf(parsed.GetValue(methods)));
            body["match"] = match;
            CreateVerb.Set(body, "auth", CreateVerb.ListOf(parsed.GetValue(auth)));
            return Task.CompletedTask;
        });
    }

    public static Command Consumer()
    {
        var plan = new Option<string?>("--plan") { Description = "The plan it is on." };
        var roles = CreateVerb.Many("--role", "A role that policies name.");
        var certificates = CreateVerb.Many("--certificate", "A client certificate of its own, by a name that it bears, such as dns:mobile.acme.test.");
        return CreateVerb.Of("consumer", "name", [plan, roles, certificates], (parsed, body, _) =>
        {
            CreateVerb.Set(body, "certificates", CreateVerb.ListOf(parsed.GetValue(certificates)));
            CreateVerb.Set(body, "plan", parsed.GetValue(plan));
            CreateVerb.Set(body, "roles", CreateVerb.ListOf(parsed.GetValue(roles)));
            return Task.CompletedTask;
        });
    }

    public static Command Plan()
    {
        var rate = new Option<string?>("--rate") { Description = "Requests of each consumer, such as 60/m." };
        var burst = new Option<long?>("--burst") { Description = "Requests at once." };
        return CreateVerb.Of("plan", "name", [rate, burst], (parsed, body, _) =>
        {
            var (stated, most) = (parsed.GetValue(rate), parsed.GetValue(burst));
            if (stated is null != most is null) throw new CommandFailure(ExitCode.WrongUsage, "--rate and --burst go together.");
            if (stated is not null) body["limits"] = new JsonArray(new JsonObject { ["name"] = "rate", ["rate"] = stated, ["burst"] = most });
            return Task.CompletedTask;
        });
    }

    public static Command Policy()
    {
        var file = new Option<string>("--file", "-f") { Description = "The policy's text in Cedar, or - for stdin.", Required = true };
        return CreateVerb.Of("policy", "name", [file], async (parsed, body, cancellation) =>
            body["cedar"] = await ConfigurationText.ReadAsync(parsed.GetRequiredValue(file), cancellation));
    }

    public static Command Issuer()
    {
        var url = new Option<string>("--url") { Description = "The iss claim, and where its metadata is found unless --jwks-url is stated.", Required = true };
        var audiences = CreateVerb.Many("--audience", "An accepted aud claim; * accepts any.", isRequired: true);
        var algorithms = CreateVerb.Many("--algorithm", "An accepted signature, such as ES256; RS256 when absent.");
        var keys = new Option<string?>("--jwks-url") { Description = "Where its public keys are." };
        var roles = new Option<string?>("--roles-claim") { Description = "The claim that lists the caller's roles." };
        var consumer = new Option<string?>("--consumer") { Description = "The consumer whose plan its callers are on." };
        return CreateVerb.Of("issuer", "name", [url, audiences, algorithms, keys, roles, consumer], (parsed, body, _) =>
        {
            body["url"] = parsed.GetRequiredValue(url);
            CreateVerb.Set(body, "audiences", CreateVerb.ListOf(parsed.GetRequiredValue(audiences)));
            CreateVerb.Set(body, "algorithms", CreateVerb.ListOf(parsed.GetValue(algorithms)));
            CreateVerb.Set(body, "jwksUrl", parsed.GetValue(keys));
            CreateVerb.Set(body, "rolesClaim", parsed.GetValue(roles));
            CreateVerb.Set(body, "consumer", parsed.GetValue(consumer));
            return Task.CompletedTask;
        });
    }
}
