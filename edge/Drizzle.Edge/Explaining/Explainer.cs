using Drizzle.Contracts.Explaining;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Access;
using Drizzle.Edge.Forwarding;
using Drizzle.Edge.Limits;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Routing;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Explaining;

/// <summary>Takes a request through the pipeline's own stages without charging, counting or sending.</summary>
public sealed class Explainer : IExplainer
{
    private readonly Func<string, Exchange, CancellationToken, ValueTask<GatewayState>> _stateFor;
    private readonly TokenChecks _checks;
    private readonly TokenGate _tokens;
    private readonly IEngine _engine;
    private readonly TimeProvider _clock;

    private Explainer(Func<string, Exchange, CancellationToken, ValueTask<GatewayState>> stateFor, TokenChecks checks, IEngine engine, TimeProvider clock)
    {
        _stateFor = stateFor;
        _checks = checks;
        _tokens = new TokenGate(new TokenMemory(mostBytes: 1), checks, clock);
        _engine = engine;
        _clock = clock;
    }

    /// <summary>By what a running edge has in force, its buckets and what it knows of its destinations.</summary>
    internal static Explainer Of(GatewayState state, IEngine engine, TimeProvider clock) => new((_, _, _) => new(state), TokenChecks.WithoutFetching, engine, clock);

    /// <summary>By what is stored, where edges run elsewhere: the health that they see is theirs.</summary>
    public static Explainer Over(IEngine engine, TimeProvider clock) => new(
        async (tenant, exchange, cancellation) => await StoredState.ReadAsync(engine, tenant, StoredState.HostOf(exchange), clock, cancellation), TokenChecks.WithoutSignature, engine, clock);

    public async Task<Explanation?> ExplainAsync(string tenant, ExplainRequest request, bool isPlatformOwner, CancellationToken cancellation)
    {
        // Judged before anything is read.
        var asked = AskedRequest.Of(request, _clock);
        GatewayState state;
        try
        {
            state = await _stateFor(tenant, asked, cancellation);
        }
        catch (CompileException e)
        {
            throw new EngineException($"What is stored cannot be put in force: {e.Message}", e);
        }
        if (state.Index.Slots.GetValueOrDefault(tenant)?.Current is not { } snapshot) return null;
        if (request.Policies.Count > 0) (state, snapshot) = DraftState.Of(state, snapshot, request.Policies, _clock);
        asked.Platform = state.Platform;
        return await ExplainAsync(asked, state, snapshot, isPlatformOwner, cancellation);
    }

    private async ValueTask<Explanation> ExplainAsync(Exchange exchange, GatewayState state, TenantSnapshot tenant, bool isPlatformOwner, CancellationToken cancellation)
    {
        var told = new Explanation(ExplainOutcome.Forwarded, null, null, "", tenant.Revision, exchange.Path, null, [], 0, null, [], [], null, []);
        if (RequestHead.Check(exchange) is { } malformed) return Refused(told, malformed, malformed.Detail);
        ForwardedHeaders.Apply(exchange);
        told = told with { Path = exchange.Path, Limits = await LookAsync([RequestLimits.AddressChargeOf(exchange)], exchange, isPlatformOwner, cancellation) };
        if (told.Limits[0].Admits == false) return OverLimit(told, told.Limits[0]);
        var noRoute = RouteMatching.Match(exchange, state);
        if (ReferenceEquals(noRoute, Refusal.NotReady) || ReferenceEquals(noRoute, Refusal.Stale)) return Refused(told, noRoute, noRoute.Detail);
        if (exchange.Tenant != tenant)
        {
            return Refused(told, Refusal.NoRoute, $"Neither the host {Names.Shown(exchange.Host)} nor the start of the path is {tenant.Slug}'s: the request is not this tenant's.");
        }
        var isPreflight = exchange.Route is { Cors: not null } && CorsRules.IsPreflight(exchange.Http.Request);
        var method = isPreflight ? exchange.Http.Request.Headers.AccessControlRequestMethod.ToString() : exchange.Http.Request.Method;
        var lost = new RouteVerdicts(exchange, tenant, PrefixOf(exchange, state), method).Lost(out var inAll);
        told = told with { Route = RouteOf(exchange), Lost = lost, LostInAll = inAll };
        if (noRoute is not null) return Refused(told, noRoute, noRoute.Detail);
        return isPreflight
            ? told with { Outcome = ExplainOutcome.Preflight, Status = StatusCodes.Status204NoContent, Detail = "A browser's question about another origin is answered by the gateway itself." }
            : await AfterMatchAsync(exchange, tenant, told, isPlatformOwner, cancellation);
    }

    private async ValueTask<Explanation> AfterMatchAsync(Exchange exchange, TenantSnapshot tenant, Explanation told, bool isPlatformOwner, CancellationToken cancellation)
    {
        var refusal = await Authentication.JudgeAsync(exchange, _tokens, _clock);
        told = told with { Credential = CredentialVerdict.Of(exchange, tenant, refusal, _checks != TokenChecks.WithoutSignature, _clock) };
        if (refusal is not null) return Refused(told, refusal, told.Credential.Why);
        refusal = Authorization.Judge(exchange, _clock);
        told = told with { Policies = PolicyVerdicts.Of(exchange, tenant, _clock) };
        if (refusal is not null) return Refused(told, refusal, refusal.Policy is { } policy ? $"Forbidden by {policy}." : refusal.Detail);
        var limits = await LookAsync(RequestLimits.ChargesOf(exchange), exchange, isPlatformOwner, cancellation);
        told = told with { Limits = limits };
        if (Array.Find(limits, l => l.Admits == false) is { } exhausted) return OverLimit(told, exhausted);
        var quotas = await QuotasAsync(exchange, tenant, cancellation);
        told = told with { Limits = [.. limits, .. quotas] };
        if (Array.Find(quotas, q => q.Admits == false) is { } used) return Refused(told, Refusal.QuotaExceeded(used.Name, 0), $"The quota {used.Name} is used up in its window.");
        var isStream = RequestKinds.IsGrpc(exchange.Http) || RequestKinds.IsUpgrade(exchange.Http);
        if (exchange.Http.Request.ContentLength > exchange.Route?.MostBody(isStream)) return Refused(told, Refusal.BodyTooLarge, Refusal.BodyTooLarge.Detail);
        return AtUpstream(exchange, told);
    }

    private static Explanation AtUpstream(Exchange exchange, Explanation told)
    {
        if (exchange.Route is not { } route) return told;
        var upstream = route.Upstream;
        told = told with { Destinations = [.. upstream.Destinations.Select(d => new ExplainedDestination(d.Model.Url, d.IsAvailable, WhyOut(d)))] };
        if (upstream.Circuit is { WouldEnter: false }) return Refused(told, Refusal.CircuitOpen(1), "The service's circuit breaker is open: it failed too often.");
        if (upstream.Peek(exchange) is not { } destination) return Refused(told, Refusal.NoDestination, "No destination of the service is healthy.");
        var path = route.Changes.PathOf(exchange, route.IsImplicit);
        return told with { Destination = $"{destination.Prefix}{path}{route.Changes.QueryOf(exchange.Query)}", Detail = "The request would be forwarded." };
    }

    private static ExplainedRoute? RouteOf(Exchange exchange)
    {
        if (exchange.Route is not { } route) return null;
        var place = exchange.IsUnderPrefix ? $"under {exchange.Tenant?.Prefix}" : $"on {exchange.Host}";
        return new(route.Name, route.Upstream.Model.Slug, route.Match is { } match ? $"{string.Join(", ", match.Paths)} {place}" : $"the service answers {place}/{route.Upstream.Model.Slug}/…");
    }

    /// <summary>How the routes that lost are to be judged: as the winner was, and where none won as the tenant was found.</summary>
    private static int PrefixOf(Exchange exchange, GatewayState state)
    {
        if (exchange.Route is not null) return exchange.PrefixLength;
        state.Index.Find(exchange.Host, exchange.Path, out var prefixLength, out var isOwnHost);
        return isOwnHost ? 0 : prefixLength;
    }

    /// <summary>What others' requests have left of the platform's limits is the platform's owner's to know.</summary>
    private async ValueTask<ExplainedLimit[]> LookAsync(IReadOnlyList<BucketCharge> charges, Exchange exchange, bool isPlatformOwner, CancellationToken cancellation)
    {
        var isKnown = charges.Select(c => isPlatformOwner || !IsPlatforms(c)).ToArray();
        var levels = await SharedLevelsAsync([.. charges.Where((_, i) => isKnown[i]).Select(c => c.Bucket)], cancellation);
        return [.. charges.Select((charge, i) => !isKnown[i] ? Unknown(charge, exchange) : levels is null ? Look(charge, exchange) : Look(charge, levels[charge.Bucket], exchange))];
    }

    /// <returns>Null where the buckets are this process's own.</returns>
    private async ValueTask<Dictionary<BucketId, long?>?> SharedLevelsAsync(BucketId[] buckets, CancellationToken cancellation)
    {
        if (_engine.BucketOwner is not { } owner) return null;
        var levels = buckets.Length == 0 ? [] : await owner.LevelsAsync(buckets, cancellation);
        return buckets.Zip(levels).ToDictionary(p => p.First, p => p.Second);
    }

    private ExplainedLimit Look(BucketCharge charge, Exchange exchange)
    {
        var level = _engine.Buckets.Look(charge with { Cost = 0 }).Remaining;
        return Unknown(charge, exchange) with { Level = level, Admits = _engine.Buckets.Look(charge).IsAdmitted };
    }

    /// <summary>Where the owner has too few, the edge that is asked may hold some.</summary>
    private static ExplainedLimit Look(BucketCharge charge, long? level, Exchange exchange) =>
        Unknown(charge, exchange) with { Level = level ?? charge.Rule.Burst, Admits = (level ?? charge.Rule.Burst) >= charge.Cost ? true : null };

    private static ExplainedLimit Unknown(BucketCharge charge, Exchange exchange) =>
        new(charge.Bucket.Limit, IsSecret(charge.Bucket.Subject, exchange) ? "…" : charge.Bucket.Subject, charge.Rule.Burst, null, charge.Cost, null);

    /// <summary>Where nobody has enough reserved, an edge may still have some in hand.</summary>
    private async ValueTask<ExplainedLimit[]> QuotasAsync(Exchange exchange, TenantSnapshot tenant, CancellationToken cancellation)
    {
        if (exchange.Consumer is not { Plan.Quotas: { Length: > 0 } quotas }) return [];
        var told = new ExplainedLimit[quotas.Length];
        var now = _clock.GetUtcNow();
        for (var i = 0; i < told.Length; i++)
        {
            var (quota, cost) = (quotas[i], exchange.Route?.Cost ?? 1);
            var bucket = quota.Keys.BucketOf(quota.Id, exchange);
            var known = await _engine.Quotas.ListAsync(new(tenant.Slug, quota.Name, bucket.Subject, now.ToUnixTimeSeconds(), quotas.Length * tenant.Document.Tenant.Plans.Count), cancellation);
            var totals = known.FirstOrDefault(s => s.Quota.Quota == quota.Id && s.Quota.Window == quota.At(now).Start)?.Totals ?? new(quota.Amount, quota.Revision, 0, 0, 0);
            bool? admits = totals.Left >= cost ? true : totals.Reserved - totals.Spent + Math.Max(0, totals.Left) >= cost ? null : false;
            told[i] = new(quota.Id, IsSecret(bucket.Subject, exchange) ? "…" : bucket.Subject, totals.Amount + totals.Extra, Math.Max(0, totals.Left), cost, admits);
        }
        return told;
    }

    private static bool IsPlatforms(BucketCharge charge) => charge.Bucket.Limit.StartsWith("platform/", StringComparison.Ordinal);

    /// <summary>A limit may count by the very header that carries a credential.</summary>
    private static bool IsSecret(string subject, Exchange exchange)
    {
        var headers = exchange.Http.Request.Headers;
        string[] credentials = [headers.Authorization.ToString(), headers.Cookie.ToString(), exchange.Route is { } route ? headers[route.Upstream.KeyHeader].ToString() : ""];
        return credentials.Any(c => c.Length > 0 && subject.Contains(c, StringComparison.Ordinal));
    }

    private static string WhyOut(UpstreamDestination destination) =>
        destination.IsAvailable ? "" : destination.Passive is { IsOut: true } ? "too many of its answers failed" : "its health check fails";

    private static Explanation OverLimit(Explanation told, ExplainedLimit limit) =>
        Refused(told, Refusal.LimitExceeded(limit.Name, 0), $"The limit {limit.Name} has {limit.Level} tokens left and the request takes {limit.Cost}.");

    private static Explanation Refused(Explanation told, Refusal refusal, string detail) => told with { Outcome = ExplainOutcome.Refused, Status = refusal.Status, Kind = refusal.Kind, Detail = detail };
}
