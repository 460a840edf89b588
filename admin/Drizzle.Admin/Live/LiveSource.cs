namespace Drizzle.Admin.Live;

/// <summary>Where the readings of one topic come from, as JSON.</summary>
internal sealed class LiveSource(Func<CancellationToken, Task<byte[]>> read, Func<AwayView, byte[]> say)
{
    /// <exception cref="Drizzle.Contracts.Ports.EngineException">It cannot be read now.</exception>
    public Task<byte[]> ReadAsync(CancellationToken cancellation) => read(cancellation);

    public byte[] SayAway(string topic, string detail) => say(new(topic, detail));
}

/// <summary>Why a topic has no news.</summary>
public sealed record AwayView(string Topic, string Detail);
