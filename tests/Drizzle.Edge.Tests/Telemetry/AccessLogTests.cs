using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;
using Drizzle.Edge.Tests.Hosting;
using Drizzle.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drizzle.Edge.Tests.Telemetry;

[TestClass]
public sealed class AccessLogTests
{
    private static readonly AccessLogEntry Entry = new(FakeClock.Start, "id", null, "acme", "orders", "all", null, null, "127.0.0.1", "GET", "a.test", "/x", 200, 0, 0, 1, 1, null, "forwarded", null, null);

    [TestMethod]
    public async Task Json_has_one_line_a_request_with_what_decided()
    {
        var lines = await LinesAsync("json");
        var ok = JsonDocument.Parse(lines[0]).RootElement;
        Assert.AreEqual("acme", ok.GetProperty("tenant").GetString());
        Assert.AreEqual("orders", ok.GetProperty("service").GetString());
        Assert.AreEqual("all", ok.GetProperty("route").GetString());
        Assert.AreEqual("mobile", ok.GetProperty("consumer").GetString());
        Assert.AreEqual("127.0.0.1", ok.GetProperty("client_ip").GetString());
        Assert.AreEqual("GET", ok.GetProperty("method").GetString());
        Assert.AreEqual("/x/y", ok.GetProperty("path").GetString());
        Assert.AreEqual(200, ok.GetProperty("status").GetInt32());
        Assert.AreEqual("forwarded", ok.GetProperty("decision").GetString());
        Assert.AreEqual("0af7651916cd43dd8448eb211c80319c", ok.GetProperty("trace_id").GetString());
        var refused = JsonDocument.Parse(lines[1]).RootElement;
        Assert.AreEqual(401, refused.GetProperty("status").GetInt32());
        Assert.AreEqual("credential-invalid", refused.GetProperty("decision").GetString());
        Assert.IsFalse(refused.TryGetProperty("trace_id", out _), "What is no trace context is not written.");
    }

    [TestMethod]
    public async Task Combined_is_the_format_that_other_servers_write()
    {
        var lines = await LinesAsync("combined");
        StringAssert.Matches(lines[0], Regex(@"^127\.0\.0\.1 - mobile \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000\] ""GET /x/y HTTP[^""]*"" 200 (\d+|-) ""-"" ""-""$"));
        StringAssert.Matches(lines[1], Regex(@"^127\.0\.0\.1 - - \[[^\]]+\] ""GET /x/y HTTP[^""]*"" 401 \d+ ""-"" ""-""$"));
    }

    [TestMethod]
    public async Task A_template_is_filled_with_fields()
    {
        var lines = await LinesAsync("{method} {path} {status} <{consumer}> {decision}");
        Assert.AreEqual("GET /x/y 200 <mobile> forwarded", lines[0]);
        Assert.AreEqual("GET /x/y 401 <-> credential-invalid", lines[1]);
    }

    [TestMethod]
    [DataRow("{password}")]
    [DataRow("no field")]
    public void A_template_with_an_unknown_field_or_none_is_refused(string template) => Assert.ThrowsExactly<FormatException>(() => AccessLogFormat.Parse(template));

    [TestMethod]
    [DataRow("json")]
    [DataRow("# {0} lines dropped")]
    public async Task A_log_that_cannot_keep_up_drops_lines_and_says_how_many(string format)
    {
        var isJson = format == "json";
        using var output = new BlockingStream();
        using var metrics = new EdgeMetrics("edge", new GatewayState(), null, null);
        var log = new AccessLog(output, AccessLogFormat.Parse(isJson ? "json" : "{path}"), metrics, new FakeClock(), NullLogger.Instance);
        log.Add(Entry);
        var draining = log.DrainAsync();
        await output.Blocked.Task.Soon();
        for (var i = 0; i < 20_000; i++) log.Add(Entry);
        output.Release.SetResult();
        await draining.Soon();
        // The next turn.
        await log.DrainAsync();

        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // 8192 fit into the ring, beside the one that was being written.
        Assert.HasCount(1 + 8_192 + 1, lines);
        var said = isJson ? "\"dropped\":11808" : "# 11808 lines dropped";
        Assert.AreEqual(1, lines.Count(l => l.Contains(said, StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task A_file_that_cannot_be_written_for_a_while_loses_no_count_of_what_was_dropped()
    {
        using var output = new BlockingStream { Failures = 2 };
        using var metrics = new EdgeMetrics("edge", new GatewayState(), null, null);
        var log = new AccessLog(output, AccessLogFormat.Parse("{path}"), metrics, new FakeClock(), NullLogger.Instance);
        output.Release.SetResult();
        for (var i = 0; i < 8_192 + 100; i++) log.Add(Entry);
        // The first line of the first write says that 100 were dropped; it fails, as does the next.
        await log.DrainAsync();
        await log.DrainAsync();
        log.Add(Entry);
        await log.DrainAsync();
        await log.DrainAsync();

        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var said = lines.Where(l => l.StartsWith('#')).Sum(l => int.Parse(l.Split(' ')[1]));
        Assert.AreEqual(8_192 + 100 + 1, said + lines.Count(l => !l.StartsWith('#')));
    }

    private static async Task<string[]> LinesAsync(string format)
    {
        await using var upstream = await TestUpstream.StartAsync();
        using var folder = new TestFolder();
        var file = folder.File("access.log");
        string key;
        await using (var edge = await RunningEdge.StartAsync(Gateway.Open(upstream.Url).Replace("auth: none", "auth: [key]", StringComparison.Ordinal), new EdgeOptions { AccessLog = file, AccessLogFormat = format }))
        {
            key = await edge.AddKeyAsync("acme", "mobile");
            Assert.AreEqual(200, await edge.StatusAsync("/x/y?token=secret-query", key, r =>
            {
                r.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
                r.Headers.Authorization = new("Basic", "c2VjcmV0LWJhc2lj");
            }));
            Assert.AreEqual(401, await edge.StatusAsync("/x/y?token=secret-query", "drz_secret-key", r => r.Headers.Add("traceparent", "00-\" drz_secret-key-in-a-trace-parent-header-000000000-01")));
        }
        var text = await File.ReadAllTextAsync(file);
        foreach (var secret in (string[])["secret", "c2VjcmV0", "token", key]) Assert.DoesNotContain(secret, text);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static Regex Regex(string pattern) => new(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>A file on a disk that stalls, or that fails a few times.</summary>
    private sealed class BlockingStream : MemoryStream
    {
        public TaskCompletionSource Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Failures { get; set; }

        public string Text => Encoding.UTF8.GetString(ToArray());

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Blocked.TrySetResult();
            await Release.Task;
            if (Failures-- > 0) throw new IOException("No space left on device.");
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
