using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Certificates;

/// <summary>What a client showed, whose key it has: whether anybody trusts it is not said yet.</summary>
internal sealed class PresentedCertificate
{
    /// <summary>Where a connection's items hold it.</summary>
    public static readonly object ItemKey = new();

    public PresentedCertificate(X509Certificate2 leaf, X509Certificate2Collection others)
    {
        (Leaf, Others) = (leaf, others);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var certificate in others.Prepend(leaf)) hash.AppendData(certificate.RawDataMemory.Span);
        Hash = KeyHash.Of(hash.GetHashAndReset());
    }

    /// <summary>The client's own.</summary>
    public X509Certificate2 Leaf { get; }

    /// <summary>Those that it sent along.</summary>
    public X509Certificate2Collection Others { get; }

    /// <summary>Of all of them.</summary>
    public KeyHash Hash { get; }
}
