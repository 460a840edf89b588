using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Contracts.Certificates;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Requests;

namespace Drizzle.Edge.Certificates;

/// <summary>What became of a certificate: one of the two.</summary>
internal readonly record struct CertificateVerdict(VerifiedCertificate? Certificate, Refusal? Refusal);

/// <summary>Whose client certificates a tenant accepts. Immutable.</summary>
internal sealed class ClientTrust
{
    private const int LongestChain = 5;
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private static readonly Refusal Expired = Refusal.CertificateInvalid("The client certificate, or one above it, has expired or is not good yet.");
    private static readonly Refusal WrongUsage = Refusal.CertificateInvalid("The client certificate is not one for the authentication of clients.");
    private static readonly Refusal Revoked = Refusal.CertificateInvalid("The client certificate was revoked.");
    private static readonly Refusal TooLong = Refusal.CertificateInvalid($"More than {LongestChain} certificates lead from the client's to its authority's.");
    private static readonly Refusal Untrusted = Refusal.CertificateInvalid("The client certificate is of none of the accepted authorities.");

    private readonly ClientCertificates _model;
    private readonly X509Certificate2Collection _authorities;
    private readonly IReadOnlyList<RevocationList> _revocations;
    private readonly Dictionary<string, string> _owners;

    private ClientTrust(ClientCertificates model, X509Certificate2Collection authorities, IReadOnlyList<RevocationList> revocations, Dictionary<string, string> owners) =>
        (_model, _authorities, _revocations, _owners) = (model, authorities, revocations, owners);

    /// <summary>What did not change since the snapshot before is taken from there.</summary>
    /// <returns>Null where the tenant accepts none.</returns>
    /// <exception cref="FormatException">The authorities or the revocation lists cannot be read.</exception>
    public static ClientTrust? Of(Tenant tenant, Tenant? was, ClientTrust? before)
    {
        if (tenant.ClientCertificates is not { } model) return null;
        var isSame = before?._model == model;
        if (isSame && was?.Consumers == tenant.Consumers) return before;
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var consumer in tenant.Consumers)
        {
            foreach (var name in consumer.Certificates) owners[CertificateNames.Normal(name) ?? name] = consumer.Name;
        }
        if (isSame && before is not null) return new(model, before._authorities, before._revocations, owners);
        var authorities = AuthorityList.Parse(model.Ca);
        return new(model, authorities, model.Crl is { } crl ? RevocationList.ParseAll(crl, authorities) : [], owners);
    }

    public CertificateVerdict Judge(PresentedCertificate presented, DateTimeOffset now)
    {
        try
        {
            using var chain = new X509Chain { ChainPolicy = Policy(presented, now) };
            var isBuilt = chain.Build(presented.Leaf);
            X509Certificate2[] elements = [.. chain.ChainElements.Select(e => new X509Certificate2(e.Certificate))];
            var refusal = (isBuilt ? null : Wrong(chain.ChainStatus)) ?? (elements.Length > LongestChain ? TooLong : !IsAuthority(elements[^1]) ? Untrusted : IsRevoked(elements) ? Revoked : null);
            if (refusal is not null) return new(null, refusal);
            var names = CertificateNames.Of(presented.Leaf);
            return new(new VerifiedCertificate(elements, names, names.Select(n => _owners.GetValueOrDefault(n)).FirstOrDefault(o => o is not null)), null);
        }
        catch (CryptographicException)
        {
            return new(null, Untrusted);
        }
    }

    /// <summary>Whether a certificate that was verified once, perhaps by what was in force before, would be again but for the time.</summary>
    public bool StillTrusts(VerifiedCertificate certificate) => IsAuthority(certificate.Chain[^1]) && !IsRevoked(certificate.Chain);

    private X509ChainPolicy Policy(PresentedCertificate presented, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ExtraStore.AddRange(presented.Others);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    /// <summary>An authority need not be a root: a chain that ends before one is whole where it ends at an authority, which is looked at afterwards.</summary>
    private static Refusal? Wrong(X509ChainStatus[] statuses)
    {
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status) & ~X509ChainStatusFlags.PartialChain;
        if (all.HasFlag(X509ChainStatusFlags.UntrustedRoot)) return Untrusted;
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid)) return Expired;
        if (all.HasFlag(X509ChainStatusFlags.NotValidForUsage)) return WrongUsage;
        return all == X509ChainStatusFlags.NoError ? null : Untrusted;
    }

    private bool IsAuthority(X509Certificate2 certificate) => _authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    private bool IsRevoked(IReadOnlyList<X509Certificate2> chain) => chain.Any(c => _revocations.Any(r => r.Revokes(c)));
}
