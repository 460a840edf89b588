using System.Text;
using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;

namespace Drizzle.Contracts.Tests.Reading;

[TestClass]
public sealed class JsonNodesTests
{
    [TestMethod]
    public void Json_gives_the_same_as_yaml()
    {
        var (fromYaml, _) = Texts.Read(Samples.File);
        Assert.IsNotNull(fromYaml);
        var json = JsonSerializer.SerializeToUtf8Bytes(fromYaml, ModelJson.Default.ConfigurationFile);
        Assert.AreEqual(fromYaml, Bound<ConfigurationFile>(json));
        Assert.AreEqual(fromYaml, Texts.Read(Encoding.UTF8.GetString(json)).File);
    }

    [TestMethod]
    public void A_tenant_with_every_field_set_is_bound_from_its_json()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Samples.Everything.Tenant, ModelJson.Default.Tenant);
        Assert.AreEqual(Samples.Everything.Tenant, Bound<Tenant>(json));
    }

    [TestMethod]
    public void Errors_of_form_have_a_path_and_no_line()
    {
        var errors = new List<ConfigError>();
        var node = JsonNodes.Read("""{ "slug": null, "name": 3, "hosts": "a", "hosts": "b", "routes": [{ "forwardKey": "true" }] }"""u8, errors);
        Assert.IsNotNull(node);
        Assert.IsNull(ModelBinder.Bind<Tenant>(node, "", errors));
        CollectionAssert.AreEqual(
            new[] { "slug@", "hosts@", "routes[0].forwardKey@", "routes[0].name@", "routes[0].service@", "routes[0].match@" },
            Texts.Places(errors));
    }

    [TestMethod]
    [DataRow("", 1)]
    [DataRow("{", 1)]
    [DataRow("{\n\"a\": }", 2)]
    [DataRow("{ 'a': 1 }", 1)]
    [DataRow("{} {}", 1)]
    [DataRow("[1,\n2,\n]", 3)]
    [DataRow("{ \"a\": 01 }", 1)]
    [DataRow("// no\n{}", 1)]
    [DataRow("nul", 1)]
    public void Malformed_json_is_refused_with_its_line(string json, int line)
    {
        var errors = new List<ConfigError>();
        Assert.IsNull(JsonNodes.Read(Encoding.UTF8.GetBytes(json), errors));
        CollectionAssert.AreEqual(new[] { $"@{line}" }, Texts.Places(errors));
    }

    [TestMethod]
    [DataRow(new byte[] { (byte)'"', 0xFF, (byte)'"' })]
    [DataRow(new byte[] { (byte)'"', (byte)'\\', (byte)'u', (byte)'d', (byte)'8', (byte)'0', (byte)'0', (byte)'"' })]
    public void A_string_that_is_no_text_is_refused(byte[] json)
    {
        var errors = new List<ConfigError>();
        Assert.IsNull(JsonNodes.Read(json, errors));
        Assert.HasCount(1, errors);
    }

    [TestMethod]
    public void Nesting_is_bounded()
    {
        var errors = new List<ConfigError>();
        Assert.IsNotNull(JsonNodes.Read(Encoding.UTF8.GetBytes(new string('[', ReadLimits.Depth) + new string(']', ReadLimits.Depth)), errors));
        Assert.IsNull(JsonNodes.Read(Encoding.UTF8.GetBytes(new string('[', 100_000)), errors));
        Assert.HasCount(1, errors);
    }

    private static T? Bound<T>(byte[] json) where T : class
    {
        var errors = new List<ConfigError>();
        var node = JsonNodes.Read(json, errors);
        Assert.IsNotNull(node, string.Join("; ", errors));
        var bound = ModelBinder.Bind<T>(node, "", errors);
        Assert.IsEmpty(errors, string.Join("; ", errors));
        return bound;
    }
}
