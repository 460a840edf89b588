using System.Text;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Tests.Reading;
using Drizzle.Contracts.Writing;

namespace Drizzle.Contracts.Tests.Writing;

[TestClass]
public sealed class YamlWriterTests
{
    [TestMethod]
    public void The_sample_file_is_written_and_read_back_equal()
    {
        var (file, _) = Texts.Read(Samples.File);
        Assert.IsNotNull(file);
        var (again, errors) = Texts.Read(YamlWriter.Write(file, ModelJson.Default.ConfigurationFile));
        Assert.IsEmpty(errors, string.Join("; ", errors));
        Assert.AreEqual(file, again);
    }

    [TestMethod]
    public void A_tenant_with_every_field_set_is_written_and_read_back_equal()
    {
        Assert.AreEqual(Samples.Everything.Tenant, WrittenAndRead(Samples.Everything.Tenant));
    }

    [TestMethod]
    public void What_is_written_is_plain_to_read()
    {
        var tenant = new Tenant
        {
            Slug = "acme",
            Name = "Acme Inc.",
            Hosts = ["api.acme.test", "*.acme.test"],
            Services = [new() { Slug = "orders", Destinations = [new() { Url = "http://127.0.0.1:9001", Weight = 3 }] }],
            Policies = [new() { Name = "p", Cedar = "permit(principal,\n  action, resource);\n" }],
        };
        const string Expected = """
            slug: acme
            name: "Acme Inc."
            hosts: [api.acme.test, "*.acme.test"]
            services:
              - slug: orders
                destinations:
                  - url: "http://127.0.0.1:9001"
                    weight: 3
            policies:
              - name: p
                cedar: |
                  permit(principal,
                    action, resource);

            """;
        Assert.AreEqual(Expected, YamlWriter.Write(tenant, ModelJson.Default.Tenant));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("123")]
    [DataRow("-1.5e3")]
    [DataRow("0x1F")]
    [DataRow("1_000")]
    [DataRow("12:30:45")]
    [DataRow("2026-01-01")]
    [DataRow("true")]
    [DataRow("True")]
    [DataRow("yes")]
    [DataRow("off")]
    [DataRow("n")]
    [DataRow("null")]
    [DataRow("NULL")]
    [DataRow("~")]
    [DataRow(".inf")]
    [DataRow("${NAME}")]
    [DataRow("$${NAME}")]
    [DataRow("$$$${")]
    [DataRow("${")]
    [DataRow("a: b")]
    [DataRow("a:")]
    [DataRow(": a")]
    [DataRow("a #b")]
    [DataRow("#a")]
    [DataRow("- a")]
    [DataRow("-")]
    [DataRow("---")]
    [DataRow("...")]
    [DataRow("? a")]
    [DataRow("[a]")]
    [DataRow("{a}")]
    [DataRow("a, b")]
    [DataRow("&a")]
    [DataRow("*a")]
    [DataRow("!a")]
    [DataRow("|")]
    [DataRow(">")]
    [DataRow("%a")]
    [DataRow("@a")]
    [DataRow("`a")]
    [DataRow("<<")]
    [DataRow("=")]
    [DataRow("'")]
    [DataRow("\"")]
    [DataRow("it's \"so\"")]
    [DataRow("back\\slash")]
    [DataRow(" leading")]
    [DataRow("trailing ")]
    [DataRow("\ttab\t")]
    [DataRow("\n")]
    [DataRow("a\nb")]
    [DataRow("a\nb\n")]
    [DataRow("a\nb\n\n\n")]
    [DataRow("\n\na\n")]
    [DataRow(" a\nb\n")]
    [DataRow("a\n  b\n c\n")]
    [DataRow("a \nb\n")]
    [DataRow("a\n \nb\n")]
    [DataRow("a\n\tb\n")]
    [DataRow("a\r\nb\r\n")]
    [DataRow("a\rb")]
    [DataRow("a\n# b\n")]
    [DataRow("a\n---\nb\n")]
    [DataRow("a\n${NAME}\n")]
    [DataRow("\u0000\u0007\u001b\u007f")]
    [DataRow("a\u0085b\u2028c\u2029d")]
    [DataRow("a\nb\u0085c")]
    [DataRow("\ufeffbom")]
    [DataRow("a\n\ufeffb")]
    [DataRow("Gr\u00fc\u00dfe \u65e5\u672c \ud83d\ude80")]
    [DataRow("Gr\u00fc\u00dfe\n\ud83d\ude80\n")]
    public void Every_text_is_read_back_as_it_was(string text) => Assert.AreEqual(Holding(text), WrittenAndRead(Holding(text)));

    [TestMethod]
    public void Random_texts_are_read_back_as_they_were()
    {
        string[] pieces = [" ", " ", "\n", "\n", "\t", "\r", "a", "word", "-", ":", "#", "'", "\"", "\\", "${", "$", "{", "}", "[", "]", ",", "|", ">", "%", "é", "🚀", "\u0085", "\u2028", "\u00a0", "\u0001", "0"];
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var length = random.Next(20) == 0 ? 600 : 12;
            var text = string.Concat(Enumerable.Range(0, random.Next(length)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.AreEqual(Holding(text), WrittenAndRead(Holding(text)), $"seed {seed}: {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}");
        }
    }

    /// <summary>A tenant that has the text in every position a text can have: a value, an item, a key, in block and flow.</summary>
    private static Tenant Holding(string text) => new()
    {
        Slug = "a",
        Name = text,
        Hosts = [text, "b"],
        Consumers = [new() { Name = "c", Attributes = Samples.Map((text, text), ("last", text)) }],
        Policies = [new() { Name = "p", Cedar = text }],
    };

    private static Tenant? WrittenAndRead(Tenant tenant)
    {
        var yaml = YamlWriter.Write(tenant, ModelJson.Default.Tenant);
        var (again, errors) = Texts.Bind<Tenant>(yaml, ("NAME", "from the environment"));
        Assert.IsEmpty(errors, string.Join("; ", errors) + "\n" + yaml);
        return again;
    }
}
