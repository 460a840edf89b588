using System.Text.Json;
using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Secrets;
using Drizzle.Contracts.Validation;

namespace Drizzle.Contracts.Tests.Secrets;

[TestClass]
public sealed class SecretSealingTests
{
    private static readonly MasterKeys? Keys = MasterKeys.Parse(Convert.ToBase64String(new byte[32]));

    [TestMethod]
    public void A_value_is_sealed_and_the_same_one_stays_as_it_is()
    {
        var stored = Sealed(With(new Secret { Value = "hunter2" }), null);
        Assert.IsNull(SecretOf(stored).Value);
        Assert.AreEqual("hunter2", Keys?.Open(SecretOf(stored).Sealed ?? "", "acme/service:orders/credential:authorization"));
        Assert.AreEqual(stored, Sealed(With(new Secret { Value = "hunter2" }), stored));
        Assert.AreNotEqual(stored, Sealed(With(new Secret { Value = "hunter3" }), stored));
    }

    [TestMethod]
    public void A_placeholder_keeps_what_is_stored_in_its_place_and_nowhere_else()
    {
        var stored = Sealed(With(new Secret { Value = "hunter2" }), null);
        Assert.AreEqual(stored, Sealed(With(new Secret { Stored = true }), stored));
        var errors = new List<ConfigError>();
        var tenant = With(new Secret { Stored = true });
        var moved = tenant with { Services = [tenant.Services[0] with { Slug = "other" }] };
        SecretSealing.Apply(moved, stored, Keys, errors);
        Assert.AreEqual("services[0].credentials[0].secret.stored", Assert.ContainsSingle(errors).Path);
    }

    [TestMethod]
    public void What_is_stored_does_not_go_to_another_destination()
    {
        var stored = Sealed(With(new Secret { Value = "hunter2" }), null);
        var kept = With(new Secret { Stored = true });
        foreach (var service in new[] { kept.Services[0] with { Destinations = [new() { Url = "http://evil.test" }] }, kept.Services[0] with { Tls = new() { SkipVerify = true } } })
        {
            var errors = new List<ConfigError>();
            SecretSealing.Apply(kept with { Services = [service] }, stored, Keys, errors);
            Assert.Contains("state the value again", Assert.ContainsSingle(errors).Message);
        }
        Assert.AreEqual(SecretOf(stored), SecretOf(Sealed(kept with { Services = [kept.Services[0] with { KeyHeader = "X-Mine" }] }, stored)));
    }

    [TestMethod]
    public void What_an_older_key_sealed_is_sealed_anew_whether_stated_or_kept()
    {
        var (old, now) = (Convert.ToBase64String(new byte[32]), Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray()));
        var stored = Sealed(With(new Secret { Value = "hunter2" }), null);
        foreach (var secret in new[] { new Secret { Value = "hunter2" }, new Secret { Stored = true } })
        {
            var renewed = SecretSealing.Apply(With(secret), stored, MasterKeys.Parse($"{now},{old}"), []);
            Assert.AreEqual("hunter2", MasterKeys.Parse(now)?.Open(SecretOf(renewed).Sealed ?? "", "acme/service:orders/credential:authorization"));
            Assert.AreEqual(renewed, SecretSealing.Apply(With(secret), renewed, MasterKeys.Parse($"{now},{old}"), []));
        }
    }

    [TestMethod]
    public void Without_a_key_no_value_is_taken_and_references_are()
    {
        var errors = new List<ConfigError>();
        SecretSealing.Apply(With(new Secret { Value = "hunter2" }), null, null, errors);
        Assert.DoesNotContain("hunter2", Assert.ContainsSingle(errors).Message);
        errors.Clear();
        var reference = With(new Secret { FromEnv = "ORDERS" });
        Assert.AreEqual(reference, SecretSealing.Apply(reference, null, null, errors));
        Assert.IsEmpty(errors);
    }

    [TestMethod]
    public void Nothing_shows_what_is_stored()
    {
        var stored = Sealed(With(new Secret { Value = "hunter2" }), null);
        var changed = Sealed(With(new Secret { Value = "hunter3" }), stored);
        var options = new JsonSerializerOptions(ModelJson.Default.Options) { Converters = { new MaskedSecrets() } };
        var shown = JsonSerializer.Serialize(stored, options);
        Assert.Contains("""{"stored":true}""", shown);
        Assert.DoesNotContain(SecretOf(stored).Sealed ?? "", shown);
        var diff = TenantDiff.Between(new() { Tenant = stored }, new() { Tenant = changed });
        var field = Assert.ContainsSingle(Assert.ContainsSingle(diff).Fields ?? []);
        Assert.AreEqual("credentials[0].secret.stored", field.Path);
        Assert.HasCount(8, field.After?.GetString() ?? "");
        foreach (var secret in new[] { new Secret { Value = "hunter2" }, SecretOf(stored) }) Assert.AreEqual("Secret { … }", secret.ToString());
    }

    [TestMethod]
    public void The_stored_form_cannot_be_stated()
    {
        var errors = new List<ConfigError>();
        var node = JsonNodes.Read("""{"slug":"acme","services":[{"slug":"orders","destinations":[{"url":"http://a.test"}],"credentials":[{"header":"A","secret":{"sealed":"v1.x.y"}}]}]}"""u8, errors);
        Assert.IsNull(ModelBinder.Bind<Tenant>(node ?? throw new AssertFailedException(), "", errors));
        Assert.Contains("No such field", Assert.ContainsSingle(errors).Message);
        errors.Clear();
        node = JsonNodes.Read("""{"header":"A","secret":"hunter2"}"""u8, errors);
        ModelBinder.Bind<UpstreamCredential>(node ?? throw new AssertFailedException(), "", errors);
        Assert.DoesNotContain("hunter2", Assert.ContainsSingle(errors).Message);
    }

    [TestMethod]
    public void Bad_secrets_are_refused()
    {
        foreach (var secret in new Secret[]
        {
            new(), new() { FromEnv = "A", FromFile = "b" }, new() { Value = "x", Stored = true }, new() { FromEnv = "A B" }, new() { FromEnv = "" }, new() { FromFile = "a\nb" },
            new() { Value = "" }, new() { Value = "a\r\nb: c" }, new() { Value = new string('a', 4097) },
        })
        {
            var findings = new Findings(source: null);
            Validator.Check(With(secret), "", findings);
            Assert.IsFalse(findings.IsEmpty, $"{secret}");
            Assert.IsTrue(findings.Errors.All(e => !e.Message.Contains("b: c", StringComparison.Ordinal)));
        }
        foreach (var header in (string[])["Host", "content-length", "a b", ""])
        {
            var findings = new Findings(source: null);
            var tenant = With(new Secret { FromEnv = "A" });
            Validator.Check(tenant with { Services = [tenant.Services[0] with { Credentials = [new() { Header = header, Secret = new() { FromEnv = "A" } }] }] }, "", findings);
            Assert.IsFalse(findings.IsEmpty, header);
        }
    }

    private static Tenant With(Secret secret) => new()
    {
        Slug = "acme",
        Services = [new() { Slug = "orders", Destinations = [new() { Url = "http://orders.test" }], Credentials = [new() { Header = "Authorization", Prefix = "Bearer ", Secret = secret }] }],
    };

    private static Secret SecretOf(Tenant tenant) => tenant.Services[0].Credentials[0].Secret;

    private static Tenant Sealed(Tenant stated, Tenant? stored)
    {
        var errors = new List<ConfigError>();
        var result = SecretSealing.Apply(stated, stored, Keys, errors);
        Assert.IsEmpty(errors);
        return result;
    }
}
