using System.Text;
using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Output;
using Drizzle.Cedar;

namespace Drizzle.Benchmarks;

/// <summary>What a decision of Cedar policies costs, with few policies and with many of which as few may apply.</summary>
internal sealed class PoliciesBenchmark(Session session)
{
    private const int Candidates = 10;
    private const int Many = 1000;
    private const int Decisions = 200_000;

    private readonly int _rounds = session.Options.Rounds ?? 7;

    public Task<Report> RunAsync()
    {
        var report = new Report("policies", "Cedar policies in this process, one thread", $"./drizzle bench policies --rounds {_rounds}");
        var table = new Table(
            $"a decision, {Decisions} at a time one by one, the clock's own time taken off; median of {_rounds} rounds", new("policies", "F0"), new("candidates", "F0"), new("entities", "F0"), new("p50_us", "F2"), new("p99_us", "F2"), new("bytes", "F0"));
        foreach (var count in (int[])[Candidates, Many]) Measure(count, table);
        report.Tables.Add(table);
        return Task.FromResult(report);
    }

    private void Measure(int policies, Table table)
    {
        var authorizer = new Authorizer(PolicySet.Parse(Text(policies)));
        var world = World();
        var request = RequestOf();
        if (!authorizer.Decide(request, world).IsAllowed || authorizer.Explain(request, world).Count != Candidates) throw new BenchmarkFailure("The policies do not say what they are meant to.");
        var figures = OneByOne.Measure(() => authorizer.Decide(request, world), Decisions, _rounds, session.Stop);
        table.Add((double)policies, (double)Candidates, 7.0, figures.P50, figures.P99, figures.Bytes);
    }

    /// <summary>Ten that the request's scope meets, most of which look at something and do not apply; the others are about other roles and services.</summary>
    private static string Text(int count)
    {
        var text = new StringBuilder("""
            permit (principal in Role::"reader", action in Action::"read", resource in Service::"orders") when { context.ip.isInRange(ip("10.0.0.0/8")) };
            permit (principal in Role::"auditor", action in Action::"read", resource) when { principal.plan == "gold" && context.path like "/audit/*" };
            permit (principal == Consumer::"mobile", action == Action::"GET", resource) when { resource.tags.contains("beta") };
            forbid (principal in Role::"reader", action, resource) when { resource.tags.containsAny(["internal", "secret"]) };
            forbid (principal, action, resource in Service::"orders") when { context.now > datetime("2099-01-01") };
            forbid (principal, action, resource == Route::"read-orders") unless { context.host like "*.acme.test" };
            forbid (principal is Consumer, action, resource) when { principal has plan && principal.plan == "suspended" };
            permit (principal in Role::"reader", action, resource is Route) when { context.path == "/status" || context.path == "/healthz" };
            forbid (principal in Tenant::"acme", action, resource) unless { resource in Tenant::"acme" };
            permit (principal, action, resource in Tenant::"acme") when { principal in Role::"owner" };

            """);
        for (var i = Candidates; i < count; i++) text.Append($"permit (principal in Role::\"role-{i}\", action in Action::\"read\", resource in Service::\"service-{i}\") when {{ context.ip.isInRange(ip(\"10.0.0.0/8\")) }};\n");
        return text.ToString();
    }

    private static Entities World()
    {
        var (tenant, reader, auditor, orders) = (new EntityUid("Tenant", "acme"), new EntityUid("Role", "reader"), new EntityUid("Role", "auditor"), new EntityUid("Service", "orders"));
        var consumer = new Entity(new("Consumer", "mobile"), new RecordValue([new("plan", Value.Of("gold"))]), RecordValue.Empty, [reader, auditor, tenant]);
        var route = new Entity(new("Route", "read-orders"), new RecordValue([new("tags", Value.Of(new SetValue([Value.Of("public"), Value.Of("v2")])))]), RecordValue.Empty, [orders, tenant]);
        var world = Entities.Of([new(tenant), new(reader, tenant), new(auditor, tenant), new(orders, tenant), new(new("Action", "GET"), new EntityUid("Action", "read"))]);
        return world.With(world.Prepare(consumer), world.Prepare(route));
    }

    private static Cedar.Request RequestOf() => new(
        new("Consumer", "mobile"), new("Action", "GET"), new("Route", "read-orders"),
        new RecordValue([new("ip", Value.Of(IpRange.Of(System.Net.IPAddress.Parse("10.1.2.3")))), new("path", Value.Of("/api/orders/7")), new("host", Value.Of("api.acme.test")), new("now", Value.OfDatetime(1_790_000_000_000))]));
}
