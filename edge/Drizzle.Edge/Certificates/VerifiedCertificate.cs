using System.Security.Cryptography.X509Certificates;
using Drizzle.Contracts.Policies;
using Drizzle.Edge.Access;

namespace Drizzle.Edge.Certificates;

/// <summary>Who shows a certificate that its tenant trusts.</summary>
/// <param name="chain">From the client's own to the authority's.</param>
/// <param name="names">As a consumer's <c>certificates</c> have them; at least one.</param>
/// <param name="consumer">The name of the consumer that it belongs to; null for none.</param>
internal sealed class VerifiedCertificate(X509Certificate2[] chain, IReadOnlyList<string> names, string? consumer) : Principal
{
    public IReadOnlyList<X509Certificate2> Chain { get; } = chain;

    private readonly DateTime _from = chain.Max(c => c.NotBefore.ToUniversalTime());
    private readonly DateTime _until = chain.Min(c => c.NotAfter.ToUniversalTime());

    /// <summary>Whether all of the chain is.</summary>
    public bool IsGoodAt(DateTimeOffset now) => now.UtcDateTime >= _from && now.UtcDateTime <= _until;

    public override string Name => names[0];

    public string? Consumer => consumer;

    public override Cedar.PreparedEntity EntityIn(PolicyWorld world) => world.Certificate(Chain[0].SubjectName.Name, names, Consumer);
}
