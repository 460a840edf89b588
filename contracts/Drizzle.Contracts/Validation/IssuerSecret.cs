using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Validation;

/// <summary>How long an issuer's secret must be: as long as the hash of its longest signature (RFC 7518, 3.2).</summary>
public static class IssuerSecret
{
    public static int LeastCharacters(Issuer issuer) => issuer.Algorithms.Contains("HS512") ? 64 : issuer.Algorithms.Contains("HS384") ? 48 : 32;
}
