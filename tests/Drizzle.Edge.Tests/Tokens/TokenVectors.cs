using System.Text.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;
using Drizzle.Edge.Tokens;
using Drizzle.Testing;

namespace Drizzle.Edge.Tests.Tokens;

/// <summary>One token of the vectors, and what must become of it.</summary>
public sealed record TokenVector(string Name, string[] Algorithms, string Token, bool Accepted, long? Expires, string Why)
{
    public override string ToString() => Name;
}

/// <summary>Tokens that an independent library made; see Vectors/README.md.</summary>
internal static class TokenVectors
{
    private sealed record Document(long Now, string Issuer, string Audience, string Secret, JsonElement Jwks, TokenVector[] Cases);

    private static readonly Document File = JsonSerializer.Deserialize<Document>(
        System.IO.File.ReadAllText(Path.Combine(Repository.Root, "tests/Drizzle.Edge.Tests/Tokens/Vectors/tokens.json")), JsonSerializerOptions.Web) ?? throw new InvalidOperationException("No vectors.");

    public static IReadOnlyList<TokenVector> All => File.Cases;

    public static string Jwks => File.Jwks.GetRawText();

    public static string IssuerUrl => File.Issuer;

    public static TokenVector Of(string name) => File.Cases.Single(c => c.Name == name);

    /// <summary>The vectors' now.</summary>
    public static FakeClock Clock()
    {
        var clock = new FakeClock();
        clock.Advance(DateTimeOffset.FromUnixTimeSeconds(File.Now) - FakeClock.Start);
        return clock;
    }

    /// <summary>The issuer of a case, with the keys in hand.</summary>
    public static CompiledIssuer IssuerOf(params string[] algorithms)
    {
        var isSecret = algorithms[0].StartsWith("HS", StringComparison.Ordinal);
        var model = new Issuer { Name = "idp", Url = File.Issuer, Audiences = [File.Audience], Algorithms = algorithms.ToValueList(), Secret = isSecret ? new Secret { FromEnv = "SECRET" } : null };
        return new CompiledIssuer(model, new KnownKeys(isSecret ? KeySet.OfSecret(File.Secret) : KeySet.Parse(Jwks)));
    }
}

/// <summary>Keys that a test sets.</summary>
internal sealed class KnownKeys(KeySet keys) : KeySource
{
    public KeySet Keys { get; set; } = keys;

    public override KeySet? Current => Keys;

    public override ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation) => new(Current);
}
