using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Edge.Secrets;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Certificates;

/// <summary>A certificate with its chain and its key, from two files that are looked at again every ten seconds in which it is used. A pair that cannot be read, or does not belong together, leaves it as it was.</summary>
internal sealed partial class CertificateFile
{
    private const int Largest = 1024;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(1);

    private readonly string _file;
    private readonly string _keyFile;
    private readonly TimeProvider _clock;
    private readonly ILogger<CertificateFile> _log;
    private volatile Loaded _known;
    private volatile string? _failing;
    private long _lookedAt;

    private sealed record Loaded(string Pem, string KeyPem, X509Certificate2 Certificate, SslStreamCertificateContext Context);

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="CryptographicException">They hold no certificate and its key.</exception>
    public CertificateFile(string file, string keyFile, TimeProvider clock, ILogger<CertificateFile> log)
    {
        (_file, _keyFile, _clock, _log) = (file, keyFile, clock, log);
        _known = Load(known: null);
        _lookedAt = clock.GetTimestamp();
    }

    public DateTimeOffset ExpiresAt => new(_known.Certificate.NotAfter);

    /// <summary>Whoever notices that it is time to look has it done elsewhere, and is answered what was known; unless that is long ago, for then it may have ended.</summary>
    public SslStreamCertificateContext Context
    {
        get
        {
            var lookedAt = Volatile.Read(ref _lookedAt);
            var since = _clock.GetElapsedTime(lookedAt);
            if (since < LookEvery || Interlocked.CompareExchange(ref _lookedAt, _clock.GetTimestamp(), lookedAt) != lookedAt) return _known.Context;
            if (since >= LongAgo || ExpiresAt <= _clock.GetUtcNow()) Look();
            else ThreadPool.UnsafeQueueUserWorkItem(static file => file.Look(), this, preferLocal: false);
            return _known.Context;
        }
    }

    private void Look()
    {
        try
        {
            _known = Load(_known);
            _failing = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (_failing != e.Message) LogFailed(_log, _file, e.Message);
            _failing = e.Message;
        }
    }

    private Loaded Load(Loaded? known)
    {
        var (pem, keyPem) = (Read(_file), Read(_keyFile));
        if (known is not null && known.Pem == pem && known.KeyPem == keyPem) return known;
        var certificate = X509Certificate2.CreateFromPem(pem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        chain.RemoveAt(0);
        return new Loaded(pem, keyPem, certificate, SslStreamCertificateContext.Create(certificate, chain, offline: true));
    }

    private static string Read(string file) => File.ReadAllText(SmallFile.Find(file, "a certificate", Largest));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The certificate {File} has changed and cannot be read, the last good one stays: {Reason}")]
    private static partial void LogFailed(ILogger logger, string file, string reason);
}
