using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Telemetry;

/// <summary>
/// The access log. A request puts its entry into a ring and goes on; one loop writes what is there forty times a second, little enough at a time that no request waits for it.
/// A full ring drops entries, and the next lines written say how many.
/// </summary>
internal sealed partial class AccessLog(Stream output, AccessLogFormat format, EdgeMetrics metrics, TimeProvider clock, ILogger log)
{
    private const int Capacity = 8_192;
    private const int MostPerWrite = 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(25);

    private readonly Ring<AccessLogEntry> _ring = new(Capacity);
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private long _dropped;
    private bool _isFailing;

    // What the buffer's first line says was dropped; dropped again where that line cannot be written.
    private long _announced;

    /// <exception cref="FormatException">The format cannot be read.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static AccessLog? Open(EdgeOptions options, EdgeMetrics metrics, TimeProvider clock, ILogger log)
    {
        if (options.AccessLog is not { } path) return null;
        var format = AccessLogFormat.Parse(options.AccessLogFormat);
        var output = path == "-" ? Console.OpenStandardOutput() : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return new AccessLog(output, format, metrics, clock, log);
    }

    /// <summary>Never waits.</summary>
    public void Add(in AccessLogEntry entry)
    {
        if (!_ring.TryWrite(entry)) Dropped(1);
    }

    /// <summary>Writes until cancelled, and then what is left.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await DrainAsync();
        }
        catch (OperationCanceledException)
        {
            await DrainAsync();
            await output.DisposeAsync();
        }
    }

    internal async Task DrainAsync()
    {
        int count;
        do
        {
            count = Fill();
            if (_buffer.WrittenCount == 0) return;
            try
            {
                await output.WriteAsync(_buffer.WrittenMemory, CancellationToken.None);
                await output.FlushAsync(CancellationToken.None);
                _isFailing = false;
            }
            catch (IOException e)
            {
                Interlocked.Add(ref _dropped, _announced);
                Dropped(count);
                if (!_isFailing) LogWriteFailed(log, e.Message);
                _isFailing = true;
                return;
            }
            finally
            {
                _buffer.ResetWrittenCount();
            }
        }
        // What comes meanwhile waits for the next turn: a loop that never ended would write line by line.
        while (count == MostPerWrite);
    }

    private void Dropped(long lines)
    {
        Interlocked.Add(ref _dropped, lines);
        metrics.LogDropped(lines);
    }

    /// <returns>Entries put into the buffer.</returns>
    private int Fill()
    {
        var count = 0;
        // While the file cannot be written, what was dropped is kept for when it can.
        _announced = _isFailing ? 0 : Interlocked.Exchange(ref _dropped, 0);
        if (_announced > 0) format.WriteDropped(new DroppedLines(clock.GetUtcNow(), _announced), _buffer);
        while (count < MostPerWrite && _ring.TryRead(out var entry))
        {
            format.Write(entry, _buffer);
            count++;
        }
        return count;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The access log cannot be written; lines are dropped and counted: {Reason}")]
    private static partial void LogWriteFailed(ILogger logger, string reason);
}
