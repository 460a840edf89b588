using Drizzle.Contracts.Model;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Secrets;
using Drizzle.Edge.Upstreams;
using Microsoft.Extensions.Logging;

namespace Drizzle.Edge.Tokens;

/// <summary>Makes the sources of issuers' keys.</summary>
internal sealed class KeySources(ClientPool clients, SecretSource secrets, TimeProvider clock, ILogger<FetchedKeySource> log)
{
    /// <param name="known">The issuer as it was; its keys are kept where their place is the same.</param>
    /// <exception cref="InvalidOperationException">The secret cannot be resolved.</exception>
    /// <exception cref="FormatException">The secret is too short.</exception>
    /// <exception cref="IOException">The secret's file, or that of the authorities, cannot be read.</exception>
    public KeySource For(string tenant, Issuer issuer, CompiledIssuer? known)
    {
        if (secrets == SecretSource.Blind) return NoKeySource.Instance;
        if (issuer.Secret is { } secret) return OfSecret(secrets.Resolve(secret, SecretPlaces.PlaceOf(tenant, issuer)), issuer, $"{tenant}/{issuer.Name}");
        if (known is { Source: FetchedKeySource same } && known.Model.JwksUrl == issuer.JwksUrl && known.Model.Tls == issuer.Tls) return same;
        return new FetchedKeySource(new KeyFetch(clients.For(Defaults.Connect, issuer.Tls), issuer.Url, issuer.JwksUrl), $"{tenant}/{issuer.Name}", clock, log);
    }

    private static SecretKeySource OfSecret(SecretValue secret, Issuer issuer, string name)
    {
        var least = IssuerSecret.LeastCharacters(issuer);
        return secret.Text.Length >= least ? new SecretKeySource(secret) : throw new FormatException($"The secret of issuer {name} has fewer than {least} characters, which its algorithm wants.");
    }
}
