using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Drizzle.Edge.Telemetry;

/// <summary>How a line of the access log looks.</summary>
internal abstract partial class AccessLogFormat
{
    public abstract void Write(in AccessLogEntry entry, IBufferWriter<byte> output);

    public abstract void WriteDropped(DroppedLines dropped, IBufferWriter<byte> output);

    /// <param name="text"><c>json</c>, <c>combined</c>, or a template such as <c>{time} {method} {path} {status}</c>.</param>
    /// <exception cref="FormatException">The template names a field that is not there.</exception>
    public static AccessLogFormat Parse(string text) => text switch
    {
        "json" => new JsonFormat(),
        "combined" => new TextFormat(static e => $"{e.ClientIp} - {e.Consumer ?? "-"} [{e.Time.ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)} +0000] \"{e.Method} {e.Path} HTTP\" {e.Status} {e.Field("bytes_out")} \"-\" \"-\""),
        _ => new TextFormat(Template(text)),
    };

    private static Func<AccessLogEntry, string> Template(string text)
    {
        if (Named().Matches(text) is { Count: 0 }) throw new FormatException($"The access log format '{text}' names no field; use json, combined, or fields in braces such as {{method}}.");
        foreach (Match match in Named().Matches(text))
        {
            if (default(AccessLogEntry).Field(match.Groups["name"].Value) is null && !IsKnown(match.Groups["name"].Value)) throw new FormatException($"The access log has no field {match.Value}.");
        }
        return entry => Named().Replace(text, m => entry.Field(m.Groups["name"].Value) ?? "-");
    }

    private static bool IsKnown(string name) => name is "request_id" or "client_ip" or "method" or "host" or "path" or "decision";

    [GeneratedRegex(@"\{(?<name>[a-z_]+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    private sealed class JsonFormat : AccessLogFormat
    {
        // Lines are written by one loop, so one writer serves them all.
        private readonly Utf8JsonWriter _writer = new(Stream.Null);

        public override void Write(in AccessLogEntry entry, IBufferWriter<byte> output)
        {
            _writer.Reset(output);
            JsonSerializer.Serialize(_writer, entry, AccessLogJson.Default.AccessLogEntry);
            _writer.Flush();
            output.Write("\n"u8);
        }

        public override void WriteDropped(DroppedLines dropped, IBufferWriter<byte> output)
        {
            using (var writer = new Utf8JsonWriter(output)) JsonSerializer.Serialize(writer, dropped, AccessLogJson.Default.DroppedLines);
            output.Write("\n"u8);
        }
    }

    private sealed class TextFormat(Func<AccessLogEntry, string> format) : AccessLogFormat
    {
        public override void Write(in AccessLogEntry entry, IBufferWriter<byte> output) => WriteLine(format(entry), output);

        public override void WriteDropped(DroppedLines dropped, IBufferWriter<byte> output) => WriteLine($"# {dropped.Dropped} lines dropped before {dropped.Time:O}", output);

        private static void WriteLine(string line, IBufferWriter<byte> output)
        {
            Encoding.UTF8.GetBytes(line, output);
            output.Write("\n"u8);
        }
    }
}
