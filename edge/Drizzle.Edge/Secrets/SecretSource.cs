using System.Security.Cryptography;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;

namespace Drizzle.Edge.Secrets;

/// <summary>Finds what secrets stand for, on the machine where they are used.</summary>
/// <param name="environment">Answers a variable's name; null where it is not set.</param>
/// <param name="keys">Null where there are none.</param>
internal sealed class SecretSource(Func<string, string?> environment, MasterKeys? keys, TimeProvider clock)
{
    /// <summary>For looking at routes where no request is sent: every secret is empty.</summary>
    public static readonly SecretSource Blind = new(_ => null, null, TimeProvider.System);

    /// <param name="secret">What is stored.</param>
    /// <param name="place">Where; see <see cref="SecretPlaces"/>.</param>
    /// <param name="prefix">Stands before it in what is answered.</param>
    /// <exception cref="InvalidOperationException">A variable is not set, or there is no key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">It does not open under the key.</exception>
    public SecretValue Resolve(Secret secret, string place, string prefix = "")
    {
        if (ReferenceEquals(this, Blind)) return new SecretValue("");
        if (secret.FromFile is { } file) return new SecretFile(file, prefix, clock);
        if (secret.FromEnv is { } name) return new SecretValue(prefix + (environment(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{place}: the environment variable {name} is not set on this edge.")));
        if (secret.Sealed is not { } closed) throw new InvalidOperationException($"{place}: the secret has no value.");
        return new SecretValue(prefix + (keys?.Open(closed, place) ?? throw new InvalidOperationException($"{place}: {MasterKeys.Variable} is not set on this edge, so the stored secret cannot be read.")));
    }
}

/// <summary>A secret as it is now, after its prefix.</summary>
internal class SecretValue(string text)
{
    private volatile string _known = text;

    public virtual string Text => _known;

    protected string Known
    {
        get => _known;
        set => _known = value;
    }

    public sealed override string ToString() => "…";
}

/// <summary>A secret in a file: its first line, read again every ten seconds in which it is used. One that cannot be read any more stays as it was.</summary>
internal sealed class SecretFile : SecretValue
{
    private const int Largest = 64;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly string _file;
    private readonly string _prefix;
    private readonly TimeProvider _clock;
    private long _lookedAt;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public SecretFile(string file, string prefix, TimeProvider clock) : base(prefix + Read(file))
    {
        _file = file;
        _prefix = prefix;
        _clock = clock;
        _lookedAt = clock.GetTimestamp();
    }

    /// <summary>Whoever notices that it is time to look has it done elsewhere, and is answered what was known.</summary>
    public override string Text
    {
        get
        {
            var lookedAt = Volatile.Read(ref _lookedAt);
            if (_clock.GetElapsedTime(lookedAt) >= LookEvery && Interlocked.CompareExchange(ref _lookedAt, _clock.GetTimestamp(), lookedAt) == lookedAt) ThreadPool.UnsafeQueueUserWorkItem(static secret => secret.Look(), this, preferLocal: false);
            return Known;
        }
    }

    private void Look()
    {
        try
        {
            Known = _prefix + Read(_file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may be about to be replaced; it is looked at again.
        }
    }

    private static string Read(string file)
    {
        var line = File.ReadLines(SmallFile.Find(file, "a secret", Largest)).FirstOrDefault("").Trim();
        return line.Length > 0 && !line.Any(char.IsControl) ? line : throw new IOException($"The file '{file}' of a secret has no text in its first line, or control characters.");
    }
}
