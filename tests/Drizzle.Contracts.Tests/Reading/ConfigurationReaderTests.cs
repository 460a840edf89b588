using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Reading;

[TestClass]
public sealed class ConfigurationReaderTests
{
    [TestMethod]
    public void The_sample_file_reads_without_errors()
    {
        var (file, errors) = Texts.Read(Samples.File);
        Assert.IsEmpty(errors, string.Join("; ", errors));
        Assert.IsNotNull(file);
        Assert.AreEqual(new AddressLimit { Rate = Rate.PerSecondOf(100), Burst = 50 }, file.Platform?.AddressLimit);
        var tenant = file.Tenants[0];
        Assert.AreEqual("Acme Inc.", tenant.Name);
        Assert.AreEqual(new Quota { Name = "monthly", Amount = 10_000, Per = QuotaWindow.Month, By = ["consumer"] }, tenant.Plans[0].Quotas[0]);
        Assert.AreEqual(new Destination { Url = "http://127.0.0.1:9001", Weight = 3 }, tenant.Services[0].Destinations[0]);
        Assert.IsTrue(tenant.Routes[0].Auth == [AuthMethod.Key, AuthMethod.Jwt]);
        StringAssert.Contains(tenant.Policies[0].Cedar, "resource in Tenant::\"acme\"", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("\n\n")]
    [DataRow("# nothing but a comment\n")]
    public void An_empty_file_is_an_empty_configuration(string text)
    {
        var (file, errors) = Texts.Read(text);
        Assert.IsEmpty(errors);
        Assert.AreEqual(new ConfigurationFile(), file);
    }

    [TestMethod]
    public void Every_error_of_meaning_is_reported_with_path_and_line()
    {
        var (file, errors) = Texts.Read("""
            tenants:
              - slug: acme
                services:
                  - slug: orders
                    destinations: [{ url: "http://127.0.0.1:9001" }]
                routes:
                  - { name: a, service: orders, match: { paths: [/a] } }
                  - { name: b, service: orders, match: { paths: [/b] } }
                  - name: c
                    service: nope
                    match:
                      paths:
                        - no-slash
                    cors:
                      origins: ["*"]
                      credentials: true
            """);
        Assert.IsNull(file);
        CollectionAssert.AreEqual(
            new[] { "tenants[0].routes[2].service@10", "tenants[0].routes[2].match.paths[0]@13", "tenants[0].routes[2].cors.origins@15" },
            Texts.Places(errors));
    }

    [TestMethod]
    public void An_error_of_an_absent_field_has_the_line_of_what_should_hold_it()
    {
        var (_, errors) = Texts.Read("""
            tenants:
              - slug: acme
                services:
                  - slug: a
                    destinations: [{ url: "http://a.test" }]

                  - slug: b
            """);
        CollectionAssert.AreEqual(new[] { "tenants[0].services[1].destinations@7" }, Texts.Places(errors));
    }

    [TestMethod]
    public void A_shown_error_names_line_path_and_message()
    {
        Assert.AreEqual("line 3: tenants[0].slug: Missing.", new ConfigError("tenants[0].slug", 3, "Missing.").ToString());
        Assert.AreEqual("Missing.", new ConfigError("", null, "Missing.").ToString());
    }

    [TestMethod]
    public void Whatever_is_done_to_a_file_it_is_read_or_refused_with_errors()
    {
        string[] pieces = ["\t", "\n", " ", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "!!x ", "|", ">", "\"", "'", "#", "%", "@", "`", "${", "$${", "---\n", "...\n", "? ", "<<", "\\x", "\"\\UFFFFFFFF\"", "\u0000", "\u0085", "\ud800", "~", "\r"];
        for (var seed = 0; seed < 1_500; seed++)
        {
            var random = new Random(seed);
            var text = Samples.File;
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                text = random.Next(2) == 0 ? text.Insert(at, pieces[random.Next(pieces.Length)]) : text.Remove(at, Math.Min(random.Next(1, 9), text.Length - at));
            }
            var (file, errors) = Texts.Read(text);
            Assert.AreEqual(file is null, errors.Count > 0, $"seed {seed}");
        }
    }
}
