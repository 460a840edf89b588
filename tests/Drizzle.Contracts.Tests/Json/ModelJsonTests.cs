using System.Collections;
using System.Reflection;
using System.Text.Json;
using Drizzle.Contracts.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Reading;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Json;

[TestClass]
public sealed class ModelJsonTests
{
    [TestMethod]
    public void A_document_with_every_field_set_survives_json()
    {
        var json = JsonSerializer.Serialize(Samples.Everything, ModelJson.Default.TenantDocument);
        Assert.AreEqual(Samples.Everything, JsonSerializer.Deserialize(json, ModelJson.Default.TenantDocument));
    }

    [TestMethod]
    public void The_sample_of_everything_sets_every_field()
    {
        var silent = new List<string>();
        CollectDefaults(Samples.Everything, "", silent);
        Assert.IsEmpty(silent, string.Join(", ", silent));
    }

    [TestMethod]
    public void Defaults_are_omitted()
    {
        var document = new TenantDocument
        {
            Tenant = new() { Slug = "acme", Routes = [new() { Name = "r", Service = "s", Match = new() { Paths = ["/a"] } }] },
        };
        var json = JsonSerializer.Serialize(document, ModelJson.Default.TenantDocument);
        Assert.AreEqual("""{"tenant":{"slug":"acme","routes":[{"name":"r","service":"s","match":{"paths":["/a"]}}]}}""", json);
    }

    [TestMethod]
    public void A_stated_zero_is_not_a_default()
    {
        var service = new Service { Slug = "s", MaxBody = new(0), Retries = new() { Attempts = 0 }, LoadBalancing = LoadBalancing.RoundRobin };
        var json = JsonSerializer.Serialize(service, ModelJson.Default.Service);
        Assert.AreEqual(service, JsonSerializer.Deserialize(json, ModelJson.Default.Service));
        StringAssert.Contains(json, "\"maxBody\":\"0B\"", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(QuotaWindow.Minute)]
    [DataRow(QuotaWindow.Hour)]
    [DataRow(QuotaWindow.Day)]
    [DataRow(QuotaWindow.Month)]
    public void A_quota_of_every_window_survives_json(QuotaWindow window)
    {
        var quota = new Quota { Name = "q", Amount = 1, Per = window };
        var json = JsonSerializer.Serialize(quota, ModelJson.Default.Quota);
        Assert.AreEqual(quota, JsonSerializer.Deserialize(json, ModelJson.Default.Quota));
    }

    [TestMethod]
    public void What_a_record_must_have_is_written_even_when_it_is_zero()
    {
        var limit = new Limit { Name = "l", Rate = Rate.PerSecondOf(1), Burst = 0 };
        var json = JsonSerializer.Serialize(limit, ModelJson.Default.Limit);
        Assert.AreEqual(limit, JsonSerializer.Deserialize(json, ModelJson.Default.Limit));
    }

    [TestMethod]
    [DataRow("""{"tenant":{"slug":"a","colour":"blue"}}""")]
    [DataRow("""{"tenant":{}}""")]
    [DataRow("""{"tenant":{"slug":"a","routes":[{"name":"r","service":"s","match":{},"auth":["password"]}]}}""")]
    [DataRow("""{"tenant":{"slug":"a","routes":[{"name":"r","service":"s","match":{},"auth":[0]}]}}""")]
    [DataRow("""{"tenant":{"slug":"a","limits":[{"name":"l","rate":"fast","burst":1}]}}""")]
    [DataRow("""{"tenant":{"slug":"a","limits":[{"name":"l","rate":100,"burst":1}]}}""")]
    [DataRow("""{"tenant":{"slug":"a","consumers":[{"name":"c","attributes":["x"]}]}}""")]
    [DataRow("""{"tenant":{"slug":"a","consumers":[{"name":"c","attributes":{"x":{}}}]}}""")]
    public void A_document_that_does_not_fit_the_model_is_refused(string json) =>
        Assert.ThrowsExactly<JsonException>(() => JsonSerializer.Deserialize(json, ModelJson.Default.TenantDocument));

    private static void CollectDefaults(object value, string path, List<string> silent)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && !p.IsDefined(typeof(StoredFormAttribute))))
        {
            var at = $"{path}.{property.Name}";
            var held = property.GetValue(value);
            var unset = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
            if (held is null || held.Equals(unset)) silent.Add(at);
            else if (held is IEnumerable items and not string) foreach (var item in items) Descend(item, at, silent);
            else Descend(held, at, silent);
        }
    }

    private static void Descend(object value, string path, List<string> silent)
    {
        if (value.GetType() is { IsClass: true } type && type != typeof(string)) CollectDefaults(value, path, silent);
    }
}
