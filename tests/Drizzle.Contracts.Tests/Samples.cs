using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests;

/// <summary>Configurations that several tests read.</summary>
internal static class Samples
{
    /// <summary>The configuration file that the design shows.</summary>
    public const string File = """
        platform: { trustedProxies: [10.0.0.0/8], addressLimit: { rate: 100/s, burst: 50 } }
        tenants:
          - slug: acme
            name: Acme Inc.
            hosts: [api.acme.test]
            timeZone: Europe/Berlin
            plans:
              - name: starter
                limits: [{ name: per-minute, rate: 60/m, burst: 60, by: [consumer] }]
                quotas: [{ name: monthly, amount: 10000, per: month, by: [consumer] }]
            services:
              - slug: orders
                destinations: [{ url: "http://127.0.0.1:9001", weight: 3 }, { url: "http://127.0.0.1:9002" }]
                loadBalancing: leastRequests
                health: { active: { path: /healthz, interval: 5s, timeout: 1s, unhealthyAfter: 3 }, passive: { failureRate: 0.5, window: 30s } }
                circuitBreaker: { failures: 5, window: 10s, openFor: 15s }
                timeouts: { connect: 3s, idle: 5s, stream: 1h }
            routes:
              - name: read-orders
                service: orders
                match: { hosts: [api.acme.test], paths: [/api/orders/**], methods: [GET] }
                auth: [key, jwt]
                limits: [{ name: route-wide, rate: 500/s, burst: 100, by: [route] }]
            consumers:           # keys are made by `drizzle create key -t acme --consumer mobile`, never written in a file
              - { name: mobile, plan: starter, roles: [reader] }
            policies:
              - name: readers
                cedar: permit(principal in Role::"reader", action == Action::"GET", resource in Tenant::"acme");
        """;

    private static readonly ConcurrencyLimit Concurrency = new() { Name = "c", Most = 3, By = ["consumer"] };

    private static readonly Limit Limit = new() { Name = "l", Rate = new(60, 'm'), Burst = 7, By = ["consumer", "header:X-A"], OnFailure = OnFailure.Deny };

    private static readonly Service Service = new()
    {
        Slug = "orders",
        Destinations = [new() { Url = "https://up.test/base", Weight = 3 }],
        LoadBalancing = LoadBalancing.ConsistentHash,
        HashOn = "cookie:session",
        Affinity = new() { Cookie = "sticky" },
        Health = new()
        {
            Active = new() { Path = "/up", Interval = Of(5), Timeout = Of(1), UnhealthyAfter = 4 },
            Passive = new() { FailureRate = 0.25, Window = Of(40), ReactivateAfter = Of(50) },
        },
        CircuitBreaker = new() { Failures = 6, Window = Of(11), OpenFor = Of(16) },
        Retries = new() { Attempts = 2, OnStatus = [502, 504] },
        Timeouts = new() { Connect = Of(2), Idle = Of(6), Stream = Of(7200) },
        Tls = new() { ServerName = "up.test", CaFile = "/etc/ca.pem", SkipVerify = true },
        Protocol = UpstreamProtocol.Http2,
        HostHeader = HostHeader.Original,
        KeyHeader = "X-Key",
        Credentials = [new() { Header = "Authorization", Prefix = "Bearer ", Secret = new() { FromEnv = "A", FromFile = "/b", Value = "c", Stored = true } }],
        MaxBody = ByteSize.MiB(3),
        Limits = [Limit],
        Concurrency = [Concurrency],
    };

    private static readonly Route Route = new()
    {
        Name = "read",
        Service = "orders",
        Tags = ["public"],
        Match = new()
        {
            Hosts = ["api.acme.test"],
            Paths = ["/a/{id}/**"],
            Methods = ["GET", "POST"],
            Headers = [new() { Name = "X-A", Value = "1" }],
            Query = [new() { Name = "q", Value = "2" }],
        },
        Priority = -3,
        Auth = [AuthMethod.Key, AuthMethod.Jwt, AuthMethod.Mtls],
        Limits = [Limit],
        Concurrency = [Concurrency],
        Cost = 2,
        Transforms = new()
        {
            StripPrefix = "/a",
            RewritePath = "/b/{id}/{**}",
            Request = new() { Remove = ["X-B"], Set = Map(("X-C", "c")), Add = Map(("X-D", "d")) },
            Response = new() { Remove = ["X-E"], Set = Map(("X-F", "f")), Add = Map(("X-G", "g")) },
            Query = new() { Remove = ["x"], Set = Map(("y", "z")) },
        },
        Cors = new() { Origins = ["https://app.test"], Methods = ["GET"], Headers = ["X-A"], ExposedHeaders = ["X-B"], Credentials = true, MaxAge = Of(60) },
        AllowEncodedSlashes = true,
        ForwardKey = true,
        ForwardToken = true,
        MaxBody = new(512),
    };

    /// <summary>A tenant with every field set to something that is not its default.</summary>
    public static readonly TenantDocument Everything = new()
    {
        Tenant = new()
        {
            Slug = "acme",
            Name = "Acme Inc.",
            Hosts = ["api.acme.test", "*.acme.test"],
            TimeZone = "Europe/Berlin",
            Limits = [Limit],
        Concurrency = [Concurrency],
            Plans = [new() { Name = "starter", Limits = [Limit], Quotas = [new() { Name = "q", Amount = 10_000, Per = QuotaWindow.Month, By = ["consumer"], OnFailure = OnFailure.Deny }], Concurrency = [Concurrency] }],
            Services = [Service],
            Routes = [Route],
            Consumers = [new() { Name = "mobile", Plan = "starter", Roles = ["reader"], Certificates = ["dns:mobile.acme.test"], Attributes = Map(("region", "eu")) }],
            Policies =
            [
                new()
                {
                    Name = "readers",
                    Cedar = "permit(principal in ?principal, action, resource in ?resource);\n",
                    Mode = PolicyMode.Shadow,
                    Links = [new() { Principal = "Role::\"reader\"", Resource = "Tenant::\"acme\"" }],
                    Tests =
                    [
                        new() { Request = "GET orders", Consumer = "mobile", Scopes = ["read"], Token = new() { Issuer = "idp", Subject = "alice", Roles = ["reader"], Claims = Map(("tier", "gold")) }, Certificate = ["dns:mobile.acme.test"], Address = "10.0.0.1", Host = "api.acme.test", Path = "/orders/1", Headers = Map(("x-team", "blue")), Params = Map(("id", "1")), At = "2030-01-01T00:00:00Z", Expect = PolicyEffect.Deny },
                    ],
                },
            ],
            ErringForbid = ErringForbid.Deny,
            Issuers =
            [
                new()
                {
                    Name = "idp",
                    Url = "https://id.test",
                    Audiences = ["api"],
                    Algorithms = ["ES256"],
                    JwksUrl = "https://id.test/keys",
                    Tls = new() { ServerName = "id.test", CaFile = "/etc/id.pem", SkipVerify = true },
                    Secret = new() { FromEnv = "A", FromFile = "/b", Value = "c", Stored = true },
                    Skew = Of(20),
                    RequiredClaims = [new() { Name = "email_verified", Value = "true" }],
                    Consumer = "mobile",
                    ConsumerClaim = "azp",
                    RolesClaim = "realm_access.roles",
                    ClientIdClaim = "azp",
                    Attributes = Map(("team", "org.team")),
                    Headers = Map(("X-User", "sub")),
                },
            ],
            ClientCertificates = new() { Ca = "ca", Crl = "crl" },
            Https = [new() { Hosts = ["api.acme.test"], Redirect = true, Port = 8443, Hsts = new() { MaxAge = Of(60), IncludeSubDomains = true, Preload = true } }],
        },
        Keys =
        [
            new()
            {
                Prefix = "drz_abcdefgh",
                Consumer = "mobile",
                Hash = new string('a', 64),
                CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                ExpiresAt = new(2027, 1, 2, 3, 4, 5, TimeSpan.Zero),
                Scopes = ["read"],
                Revoked = true,
            },
        ],
        Owners = [new() { Object = "route/read-orders", File = "gateway.yaml" }],
    };

    public static ValueMap Map(params (string Key, string Value)[] entries) => new(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));

    private static Duration Of(int seconds) => new(TimeSpan.FromSeconds(seconds));
}
