using Drizzle.Benchmarks.Output;

namespace Drizzle.Benchmarks.Routes;

/// <summary>How long the matcher takes for random requests over all tenants and routes.</summary>
internal sealed class MatchTimes(Matcher matcher, BigConfiguration configuration)
{
    private const int Requests = 100_000;
    private const int Rounds = 15;

    private sealed record Question(string Host, string Path);

    public Table Measure()
    {
        var chance = new Random(1);
        var table = new Table($"CPU nanoseconds per match, {Requests} random requests, median of {Rounds} rounds", new("request"), new("cpu_ns", "F0"), new("found", "P0"));
        Row("existing path on the tenant's host", (tenant, route) => new(BigConfiguration.Host(tenant), BigConfiguration.PathOf(route)));
        Row("existing path under the tenant's prefix", (tenant, route) => new("gateway.test", $"/{BigConfiguration.Slug(tenant)}{BigConfiguration.PathOf(route)}"));
        Row("no such path on the tenant's host", (tenant, route) => new(BigConfiguration.Host(tenant), BigConfiguration.PathOf(route).Replace("s-", "s-zz", StringComparison.Ordinal)));
        Row("no such tenant", (tenant, route) => new("gateway.test", $"/stranger-{tenant}{BigConfiguration.PathOf(route)}"));
        return table;

        void Row(string name, Func<int, int, Question> make)
        {
            var questions = Enumerable.Range(0, Requests).Select(_ => make(chance.Next(configuration.Tenants), chance.Next(BigConfiguration.RoutesPerTenant))).ToArray();
            var found = questions.Count(q => matcher.Finds(q.Host, q.Path));
            // The first third lets the runtime compile what it learns.
            var times = Enumerable.Range(0, Rounds * 3 / 2).Select(_ => Round(questions)).Skip(Rounds / 2).ToList();
            table.Add(name, Samples.Median(times), (double)found / Requests);
        }
    }

    private double Round(Question[] questions)
    {
        var found = 0;
        // CPU and not the clock, which runs on while others have the core.
        var before = Environment.CpuUsage.TotalTime;
        foreach (var question in questions)
        {
            if (matcher.Finds(question.Host, question.Path)) found++;
        }
        var time = (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / questions.Length;
        GC.KeepAlive(found);
        return time;
    }
}
