using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Drizzle.Edge.Hosting;

/// <summary>
/// Serves HTTP/2 by prior knowledge on the plain port beside HTTP/1.1. A look at a connection's first bytes tells which it is; HTTP/2
/// connections are handed to a second endpoint of the same server, which speaks only that and listens to nothing but this.
/// </summary>
internal sealed class PriorKnowledge(TimeProvider clock, TimeSpan timeout) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Channel<ConnectionContext> _handedOver = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Where the second endpoint "listens".</summary>
    public EndPoint EndPoint { get; } = new HandOverEndPoint();

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public bool CanBind(EndPoint endpoint) => endpoint is HandOverEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(new Listener(_handedOver, endpoint));

    /// <summary>Connection middleware of the plain endpoint.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate http1) => async connection =>
    {
        bool? isHttp2;
        using (var patience = new CancellationTokenSource(timeout, clock)) isHttp2 = await LooksLikeHttp2Async(connection.Transport.Input, patience.Token);
        if (isHttp2 is false) await http1(connection);
        else if (isHttp2 is true && _handedOver.Writer.TryWrite(connection)) await Ended(connection);
    };

    /// <returns>Null where the client left or said too little in time.</returns>
    private static async ValueTask<bool?> LooksLikeHttp2Async(PipeReader input, CancellationToken patience)
    {
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(patience);
                var verdict = Judge(read.Buffer);
                input.AdvanceTo(read.Buffer.Start, verdict is null ? read.Buffer.End : read.Buffer.Start);
                if (verdict is not null || read.IsCompleted) return verdict;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (ConnectionResetException)
        {
            return null;
        }
    }

    /// <returns>Null while the bytes so far could become either.</returns>
    private static bool? Judge(System.Buffers.ReadOnlySequence<byte> buffer)
    {
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        Span<byte> start = stackalloc byte[length];
        System.Buffers.BuffersExtensions.CopyTo(buffer.Slice(0, length), start);
        if (!start.SequenceEqual(Preface[..length])) return false;
        return length == Preface.Length ? true : null;
    }

    private static async Task Ended(ConnectionContext connection)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.Register(() => ended.TrySetResult());
        await ended.Task;
    }

    private sealed class HandOverEndPoint : EndPoint
    {
        public override string ToString() => "h2c";
    }

    private sealed class Listener(Channel<ConnectionContext> connections, EndPoint endPoint) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => endPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _unbound.Token);
                return await connections.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default) => await _unbound.CancelAsync();

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
