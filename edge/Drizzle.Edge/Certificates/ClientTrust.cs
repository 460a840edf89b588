using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Drizzle.Contracts.Certificates;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;

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

    private const int MostJudged = 4096;
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(1);

    private readonly record struct Judged(CertificateVerdict Verdict, DateTimeOffset At);

    private readonly ConcurrentDictionary<KeyHash, Judged> _judged = new();
    private readonly ClientCertificates _model;
    private readonly X509Certificate2Collection _authorities;
    private readonly IReadOnlyList<RevocationList> _revocations;
    private readonly CertificateOwners _owners;

    private ClientTrust(ClientCertificates model, X509Certificate2Collection authorities, IReadOnlyList<RevocationList> revocations, CertificateOwners owners) =>
        (_model, _authorities, _revocations, _owners) = (model, authorities, revocations, owners);

    /// <summary>What did not change since the snapshot before is taken from there.</summary>
    /// <returns>Null where the tenant accepts none.</returns>
    /// <exception cref="FormatException">The authorities or the revocation lists cannot be read.</exception>
    public static ClientTrust? Of(Tenant tenant, Tenant? was, ClientTrust? before)
    {
        if (tenant.ClientCertificates is not { } model) return null;
        var isSame = before?._model == model;
        if (isSame && was?.Consumers == tenant.Consumers) return before;
        var owners = new CertificateOwners(tenant);
        if (isSame && before is not null) return new(model, before._authorities, before._revocations, owners);
        var authorities = AuthorityList.Parse(model.Ca);
        return new(model, authorities, model.Crl is { } crl ? RevocationList.ParseAll(crl, authorities) : [], owners);
    }

    /// <summary>What was judged once is remembered: what is good until it ends, and what is not for a minute.</summary>
    public CertificateVerdict Judge(PresentedCertificate presented, DateTimeOffset now)
    {
        if (!_judged.TryGetValue(presented.Hash, out var known) || (known.Verdict.Refusal is not null && (now - known.At).Duration() >= RefusedFor))
        {
            if (_judged.Count >= MostJudged) _judged.Clear();
            _judged[presented.Hash] = known = new(JudgeAnew(presented, now), now);
        }
        return known.Verdict.Certificate is { } certificate && !certificate.IsGoodAt(now) ? new(null, Expired) : known.Verdict;
    }

    private CertificateVerdict JudgeAnew(PresentedCertificate presented, DateTimeOffset now)
    {
        try
        {
            using var chain = new X509Chain { ChainPolicy = Policy(presented, now) };
            chain.Build(presented.Leaf);
            var elements = chain.ChainElements.ToArray();
            // What is above the first that is trusted does not matter.
            var anchor = Array.FindIndex(elements, e => IsAuthority(e.Certificate));
            if (anchor < 0) return new(null, Untrusted);
            if (anchor >= LongestChain) return new(null, TooLong);
            var used = elements[..(anchor + 1)];
            if (Wrong(used.SelectMany(e => e.ChainElementStatus), now, used) is { } refusal) return new(null, refusal);
            X509Certificate2[] certificates = [.. used.Select(e => new X509Certificate2(e.Certificate))];
            if (IsRevoked(certificates)) return new(null, Revoked);
            var names = CertificateNames.Of(presented.Leaf);
            return new(new VerifiedCertificate(certificates, names, _owners.Find(names)), null);
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

    /// <summary>An authority need not be a root: that the chain goes on above it, or does not, is no fault. Its time is looked at here, for the library passes over that of the last one.</summary>
    private static Refusal? Wrong(IEnumerable<X509ChainStatus> statuses, DateTimeOffset now, X509ChainElement[] used)
    {
        if (used.Any(e => now.UtcDateTime < e.Certificate.NotBefore.ToUniversalTime() || now.UtcDateTime > e.Certificate.NotAfter.ToUniversalTime())) return Expired;
        var all = statuses.Aggregate(X509ChainStatusFlags.NoError, (sum, status) => sum | status.Status) & ~(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot);
        if (all.HasFlag(X509ChainStatusFlags.NotTimeValid)) return Expired;
        if (all.HasFlag(X509ChainStatusFlags.NotValidForUsage)) return WrongUsage;
        return all == X509ChainStatusFlags.NoError ? null : Untrusted;
    }

    private bool IsAuthority(X509Certificate2 certificate) => _authorities.Any(a => a.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span));

    private bool IsRevoked(IReadOnlyList<X509Certificate2> chain) => chain.Any(c => _revocations.Any(r => r.Revokes(c)));
}
