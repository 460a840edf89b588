using System.Security.Cryptography.X509Certificates;

namespace Drizzle.Edge.Certificates;

/// <summary>What a client showed, whose key it has: whether anybody trusts it is not said yet.</summary>
/// <param name="Leaf">The client's own.</param>
/// <param name="Others">Those that it sent along.</param>
internal sealed record PresentedCertificate(X509Certificate2 Leaf, X509Certificate2Collection Others)
{
    /// <summary>Where a connection's items hold it.</summary>
    public static readonly object ItemKey = new();
}
