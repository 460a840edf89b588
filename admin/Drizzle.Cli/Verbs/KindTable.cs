using System.CommandLine;
using System.Text.Json;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Where a kind of object lives.</summary>
internal enum KindPlace
{
    Tenant,
    Platform,

    /// <summary>In a tenant where one is named, otherwise with the platform.</summary>
    Either,
}

/// <summary>What the command line knows of a kind of object.</summary>
/// <param name="IsListed">Whether objects are only listed, never read one by one.</param>
/// <param name="Columns">Headers with the field each shows, as <c>header=path</c> or a path that is its own header.</param>
internal sealed record KindTable(string Singular, string Plural, KindPlace Place, bool IsListed, params string[] Columns)
{
    public static readonly KindTable[] All =
    [
        new("tenant", "tenants", KindPlace.Platform, false, "slug", "name", "hosts", "services", "routes", "consumers", "revision"),
        new("service", "services", KindPlace.Tenant, false, "slug", "destinations", "balancing=loadBalancing", "limits"),
        new("route", "routes", KindPlace.Tenant, false, "name", "service", "hosts=match.hosts", "paths=match.paths", "methods=match.methods", "auth", "priority"),
        new("consumer", "consumers", KindPlace.Tenant, false, "name", "plan", "roles"),
        new("key", "keys", KindPlace.Tenant, true, "prefix", "consumer", "created=createdAt", "expires=expiresAt", "scopes", "revoked"),
        new("plan", "plans", KindPlace.Tenant, false, "name", "limits", "quotas"),
        new("policy", "policies", KindPlace.Tenant, false, "name", "cedar"),
        new("issuer", "issuers", KindPlace.Tenant, false, "name", "url", "audiences", "algorithms"),
        new("token", "tokens", KindPlace.Either, true, "name", "tenant", "role", "created=createdAt", "expires=expiresAt", "used=lastUsedAt"),
        new("user", "users", KindPlace.Either, true, "name", "tenant", "role", "created=createdAt", "login=lastLoginAt"),
        new("audit", "audit", KindPlace.Either, true, "id", "at", "tenant", "actor", "address", "action", "subject", "revision", "reason"),
        new("edge", "edges", KindPlace.Platform, false, "id", "version", "address", "started=startedAt", "seen=seenAt", "applied", "lag"),
        new("limit", "limits", KindPlace.Either, true, "limit", "subject", "level", "leased", "burst", "refill/s=refillPerSecond", "refused/min=refusedLastMinute", "edges=leases"),
        new("quota", "quotas", KindPlace.Tenant, true, "quota", "subject", "used", "reserved", "left", "amount", "until"),
        new("traffic", "traffic", KindPlace.Tenant, true, "service", "route", "requests", "429=limited", "4xx=clientErrors", "5xx=serverErrors", "p50/ms=p50Ms", "p99/ms=p99Ms", "last=lastAt"),
        new("health", "health", KindPlace.Tenant, true, "service", "edges", "open=circuitOpenOn", "half-open=circuitHalfOpenOn", "destinations"),
        new("event", "events", KindPlace.Tenant, true, "id", "at", "kind", "object", "subject", "detail"),
        new("platform", "platform", KindPlace.Platform, false, "proxies=trustedProxies", "rate=addressLimit.rate", "burst=addressLimit.burst", "limits"),
    ];

    /// <summary>Whether it comes about by what happens, and is not made by anybody.</summary>
    public bool IsObserved => Singular is "audit" or "limit" or "quota" or "traffic" or "health" or "event";

    public static Argument<string> ArgumentOf(IReadOnlyList<KindTable> kinds)
    {
        var known = string.Join(", ", kinds.Select(k => k.Singular));
        var argument = new Argument<string>("KIND") { Description = known };
        argument.CompletionSources.Add([.. kinds.Select(k => k.Singular)]);
        argument.Validators.Add(result =>
        {
            var stated = result.Tokens[0].Value;
            if (!kinds.Any(k => k.Singular == stated || k.Plural == stated)) result.AddError($"There is no kind '{stated}' here. Known: {known}.");
        });
        return argument;
    }

    public static KindTable Named(string name) => All.First(k => k.Singular == name || k.Plural == name);

    /// <summary>Where the API has a tenant itself, or the platform's settings where none is named.</summary>
    public static string ScopePath(string? tenant) => tenant is null ? "/v1/platform" : $"/v1/tenants/{Uri.EscapeDataString(tenant)}";

    /// <summary>Where the API has this kind.</summary>
    /// <exception cref="CommandFailure">The kind lives in a tenant, and none was named.</exception>
    public string PathIn(string? tenant)
    {
        if (Place == KindPlace.Platform || (Place == KindPlace.Either && tenant is null)) return Singular == "limit" ? "/v1/platform/limits" : $"/v1/{Plural}";
        return tenant is null
            ? throw new CommandFailure(ExitCode.WrongUsage, $"A {Singular} belongs to a tenant: say which with -t TENANT.")
            : $"/v1/tenants/{Uri.EscapeDataString(tenant)}/{Plural}";
    }

    /// <param name="files">The file that each is kept in, by its name in lower case; shown where there is one.</param>
    public void Print(JsonElement answer, IReadOnlyDictionary<string, string> files)
    {
        var items = answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().ToArray() : [answer];
        if (items.Length == 0) Terminal.Note($"No {Plural}{(Plural == Singular ? " entries" : "")}.");
        else Terminal.Table([.. Columns.Select(c => c.Split('=')[0]), .. FileColumn("file")], items.Select(i => (IReadOnlyList<string>)[.. Columns.Select(c => Cells.Of(i, c.Split('=')[^1])), .. FileColumn(FileOf(i))]));

        string[] FileColumn(string cell) => files.Count == 0 ? [] : [cell];

        string FileOf(JsonElement item) => files.GetValueOrDefault(Cells.Of(item, Columns[0]).ToLowerInvariant(), "");
    }
}
