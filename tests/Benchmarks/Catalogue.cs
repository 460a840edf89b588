using Drizzle.Benchmarks.Output;

namespace Drizzle.Benchmarks;

/// <summary>The benchmarks by name.</summary>
internal static class Catalogue
{
    public static readonly IReadOnlyList<string> Names = ["proxy", "latency", "memory", "routes", "edits", "push", "leases", "limiter", "policies", "tokens", "silos", "faults", "simulate", "start"];

    public const string Help = """
        usage: ./drizzle bench [NAME…] [options]      without a name: all of them, one after another
          proxy     CPU per request, requests per second and memory beside bare YARP, nginx and haproxy
          latency   what Drizzle adds at half load, open loop
          memory    resident memory idle, under load and after
          routes    50 000 routes: reading, storing, readiness, matching, the cost of one edit
          edits     request latency while 50 000 routes are edited, and memory after 10 000 edits
          push      from commit to in force on ten edges over PostgreSQL, and an edge's start with 50 000 routes
          leases    a decision with a lease in hand, leases from the owner in PostgreSQL, calls for a hot bucket
          limiter   what limits cost a request on an edge that leases, the return after an outage, memory of an idle bucket
          policies  a decision of ten Cedar policies, alone and among a thousand
          tokens    a JSON Web Token the first time, its key in hand, and again
          silos     leases from a silo, memory of its buckets, from commit to in force on ten edges that are its clients
          faults    what requests notice of silos that are killed, end, join, stand still (--secs) and are all away, and of the database
          simulate  the promise of the limits under faults: 10^8 admissions (--rounds: in millions)
          start     from starting the process to the first proxied answer
        options: --rounds N  --secs S  --warmup S  --runs N  -c CONNECTIONS  --tenants N  --edits N  -o table|json (one object for each)
        Needs wrk and taskset (util-linux) for proxy, latency and memory, taskset for limiter; nginx and haproxy are measured where they are installed.
        """;

    public static Task<Report> RunAsync(string name, Session session) => name switch
    {
        "proxy" => new ProxyBenchmark(session).RunAsync(),
        "latency" => new LatencyBenchmark(session).RunAsync(),
        "memory" => new MemoryBenchmark(session).RunAsync(),
        "routes" => new RoutesBenchmark(session).RunAsync(),
        "edits" => new EditsBenchmark(session).RunAsync(),
        "push" => new PushBenchmark(session).RunAsync(),
        "leases" => new LeasesBenchmark(session).RunAsync(),
        "limiter" => new LimiterBenchmark(session).RunAsync(),
        "policies" => new PoliciesBenchmark(session).RunAsync(),
        "tokens" => new TokensBenchmark(session).RunAsync(),
        "silos" => new SilosBenchmark(session).RunAsync(),
        "faults" => new FaultsBenchmark(session).RunAsync(),
        "simulate" => new SimulateBenchmark(session).RunAsync(),
        "start" => new StartBenchmark(session).RunAsync(),
        _ => throw new BenchmarkFailure($"There is no benchmark '{name}'.", 2),
    };
}
