using Drizzle.Edge.Secrets;

namespace Drizzle.Edge.Tokens;

/// <summary>Where an issuer's keys come from.</summary>
internal abstract class KeySource
{
    /// <summary>The keys as they are now, without waiting; null where none are known that may be taken for current.</summary>
    public abstract KeySet? Current { get; }

    /// <summary>Looks for others, where that may help: none are known, or not the one that is named.</summary>
    /// <returns>The best that are known; null where none ever were.</returns>
    public abstract ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation);
}

/// <summary>A secret that both know. In a file it may change.</summary>
internal sealed class SecretKeySource(SecretValue secret) : KeySource
{
    private volatile KeySet _known = KeySet.OfSecret(secret.Text);

    public override KeySet? Current
    {
        get
        {
            var (known, text) = (_known, secret.Text);
            return known.Source == text ? known : _known = KeySet.OfSecret(text);
        }
    }

    public override ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation) => new(Current);
}

/// <summary>For looking at tokens where no key is at hand: there is none.</summary>
internal sealed class NoKeySource : KeySource
{
    public static readonly NoKeySource Instance = new();

    public override KeySet? Current => null;

    public override ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation) => new((KeySet?)null);
}
