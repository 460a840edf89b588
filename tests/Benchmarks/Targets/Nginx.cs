using Drizzle.Benchmarks.Machine;

namespace Drizzle.Benchmarks.Targets;

/// <summary>nginx with one worker, without access log, all its files in a folder of ours.</summary>
internal static class Nginx
{
    /// <param name="http">What stands in the http block.</param>
    public static Target Start(string title, string folder, string name, int port, string core, string http)
    {
        var home = Path.Combine(folder, name);
        Directory.CreateDirectory(home);
        var file = Path.Combine(home, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            worker_processes 1;
            pid {{home}}/pid;
            error_log {{home}}/error.log;
            events { worker_connections 4096; }
            http {
              access_log off;
              keepalive_requests 100000000;
              client_body_temp_path {{home}}/body; proxy_temp_path {{home}}/proxy; fastcgi_temp_path {{home}}/fastcgi; uwsgi_temp_path {{home}}/uwsgi; scgi_temp_path {{home}}/scgi;
              {{http}}
            }
            """);
        return new Target(title, port, ChildProcess.Start(Cores.On(core, Tools.Need("nginx", "nginx"), "-p", home, "-e", $"{home}/error.log", "-c", file)));
    }

    public static Target StartPlain(string folder, int port, int origin) => Start("nginx", folder, "nginx-plain", port, Cores.Proxy, $$"""
        upstream origin { server 127.0.0.1:{{origin}}; keepalive 256; keepalive_requests 100000000; }
        server { listen 127.0.0.1:{{port}}; location / { proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; } }
        """);

    /// <summary>With a key that must be known and a limit on each key.</summary>
    public static Target StartKeyed(string folder, int port, int origin, string key) => Start("nginx, key, limit_req", folder, "nginx-keyed", port, Cores.Proxy, $$"""
        map_hash_bucket_size 256;
        upstream origin { server 127.0.0.1:{{origin}}; keepalive 256; keepalive_requests 100000000; }
        limit_req_zone $http_x_api_key zone=keys:10m rate=1000000r/s;
        map $http_x_api_key $is_known { default 0; {{key}} 1; }
        server {
          listen 127.0.0.1:{{port}};
          location / {
            if ($is_known = 0) { return 401; }
            limit_req zone=keys burst=1000000 nodelay;
            proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
          }
        }
        """);
}
