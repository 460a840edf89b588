using Drizzle.Benchmarks.Machine;

namespace Drizzle.Benchmarks.Targets;

/// <summary>haproxy with one thread, a key that must be known and a stick table that counts each key's requests.</summary>
internal static class Haproxy
{
    public static Target Start(string folder, int port, int origin, string key)
    {
        var file = Path.Combine(folder, "haproxy.cfg");
        File.WriteAllText(file, $$"""
            global
              nbthread 1
              maxconn 8000
            defaults
              mode http
              timeout connect 3s
              timeout client 30s
              timeout server 30s
              http-reuse always
            frontend keyed
              bind 127.0.0.1:{{port}}
              stick-table type string len 64 size 100k expire 60s store http_req_rate(1s)
              http-request deny deny_status 401 unless { req.hdr(x-api-key) {{key}} }
              http-request track-sc0 req.hdr(x-api-key)
              http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }
              default_backend origin
            backend origin
              server one 127.0.0.1:{{origin}}

            """);
        return new Target("haproxy, key, stick table", port, ChildProcess.Start(Cores.On(Cores.Proxy, Tools.Need("haproxy", "haproxy"), "-db", "-f", file)));
    }
}
