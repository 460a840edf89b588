using System.Security.Cryptography;
using System.Text.Json;
using Drizzle.Benchmarks.Load;
using Drizzle.Benchmarks.Output;
using Drizzle.Contracts.Model;
using Drizzle.Edge.Tokens;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Drizzle.Benchmarks;

/// <summary>What a JSON Web Token costs the first time, its key in hand, and the second.</summary>
internal sealed class TokensBenchmark(Session session)
{
    private const string Issuer = "https://issuer.example/";
    private const int Verifications = 5_000;
    private const int Looks = 200_000;

    private readonly int _rounds = session.Options.Rounds ?? 7;

    public Task<Report> RunAsync()
    {
        var report = new Report("tokens", "JSON Web Tokens in this process, one thread", $"./drizzle bench tokens --rounds {_rounds}");
        var table = new Table(
            $"each by itself, the clock's own time taken off; median of {_rounds} rounds of {Verifications} and {Looks}", new("algorithm"), new("characters", "F0"), new("verify_p50_us", "F1"), new("verify_p99_us", "F1"), new("verify_bytes", "F0"), new("again_p50_us", "F2"), new("again_p99_us", "F2"), new("again_bytes", "F0"));
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Measure("RS256", new RsaSecurityKey(rsa) { KeyId = "k" }, table);
        Measure("ES256", new ECDsaSecurityKey(ec) { KeyId = "k" }, table);
        report.Tables.Add(table);
        return Task.FromResult(report);
    }

    private void Measure(string algorithm, AsymmetricSecurityKey key, Table table)
    {
        var token = Sign(algorithm, key);
        var issuer = new CompiledIssuer(new Issuer { Name = "idp", Url = Issuer, Audiences = ["orders"], Algorithms = [algorithm], RolesClaim = "roles" }, new InHand(KeySet.Parse(JwksOf(key))));
        var issuers = new TenantTokens([issuer]);
        var gate = new TokenGate(new TokenMemory(TokenMemory.Most), TokenChecks.Full, TimeProvider.System);
        if (Judge().Token is null) throw new BenchmarkFailure("The token is not accepted.");
        var first = OneByOne.Measure(() => Judge(), Verifications, _rounds, session.Stop);
        var again = OneByOne.Measure(() => gate.Remembered("acme", issuers, token), Looks, _rounds, session.Stop);
        table.Add(algorithm, (double)token.Length, first.P50, first.P99, first.Bytes, again.P50, again.P99, again.Bytes);

        TokenVerdict Judge()
        {
            var judged = gate.JudgeAsync("acme", issuers, token, CancellationToken.None);
            return judged.IsCompletedSuccessfully ? judged.Result : throw new BenchmarkFailure("The judge waits for something.");
        }
    }

    private static string Sign(string algorithm, SecurityKey key)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var payload = JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = "orders", ["sub"] = "248289761001", ["iat"] = now, ["nbf"] = now, ["exp"] = now + 7200, ["azp"] = "mobile", ["scope"] = "openid profile orders.read orders.write",
            ["roles"] = new[] { "reader", "clerk" }, ["email"] = "jane.doe@acme.example", ["name"] = "Jane Doe", ["jti"] = Guid.NewGuid().ToString(),
        });
        return new JsonWebTokenHandler().CreateToken(payload, new SigningCredentials(key, algorithm));
    }

    private static string JwksOf(AsymmetricSecurityKey key)
    {
        var jwk = key is RsaSecurityKey rsa
            ? JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.Rsa.ExportParameters(includePrivateParameters: false)))
            : JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(((ECDsaSecurityKey)key).ECDsa.ExportParameters(includePrivateParameters: false))));
        return JsonSerializer.Serialize(new { keys = new[] { new { kty = jwk.Kty, kid = "k", n = jwk.N, e = jwk.E, crv = jwk.Crv, x = jwk.X, y = jwk.Y } } }, new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull });
    }

    private sealed class InHand(KeySet keys) : KeySource
    {
        public override KeySet? Current => keys;

        public override ValueTask<KeySet?> RefreshAsync(CancellationToken cancellation) => new(keys);
    }
}
