using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Editing;

[TestClass]
public sealed class TenantEditsTests
{
    private static readonly TenantDocument Stored = new()
    {
        Tenant = new()
        {
            Slug = "acme",
            Name = "Acme",
            TimeZone = "Europe/Berlin",
            Hosts = ["a.test"],
            Limits = [new() { Name = "l", Rate = Rate.PerSecondOf(1), Burst = 1 }],
            Services = [Service("orders", 1), Service("billing", 1)],
            Consumers = [new() { Name = "mobile" }, new() { Name = "web" }],
            Policies = [new() { Name = "readers", Cedar = "permit(principal, action, resource);" }],
        },
        Keys = [Key("drz_1", "mobile"), Key("drz_2", "web")],
    };

    [TestMethod]
    public void A_tenant_that_was_not_there_is_the_file()
    {
        var file = new Tenant { Slug = "acme", Hosts = ["b.test"] };
        Assert.AreEqual(new TenantDocument { Tenant = file }, TenantEdits.Overlay(null, file, prune: false));
    }

    [TestMethod]
    public void Without_prune_what_the_file_does_not_name_stays()
    {
        Assert.AreEqual(Stored, TenantEdits.Overlay(Stored, new() { Slug = "acme" }, prune: false));
    }

    [TestMethod]
    public void Without_prune_named_objects_are_replaced_in_place_and_new_ones_added()
    {
        var file = new Tenant { Slug = "acme", Name = "Renamed", Services = [Service("shipping", 3), Service("orders", 2)] };
        var after = TenantEdits.Overlay(Stored, file, prune: false).Tenant;
        Assert.AreEqual("Renamed", after.Name);
        Assert.IsTrue(after.Services == [Service("orders", 2), Service("billing", 1), Service("shipping", 3)]);
        Assert.AreEqual(Stored.Tenant with { Name = after.Name, Services = after.Services }, after);
    }

    [TestMethod]
    public void With_prune_the_tenant_is_the_file_and_keys_stay_with_the_consumers_that_are_left()
    {
        var file = new Tenant { Slug = "acme", Consumers = [new() { Name = "web", Roles = ["reader"] }] };
        var after = TenantEdits.Overlay(Stored, file, prune: true);
        Assert.AreEqual(file, after.Tenant);
        Assert.IsTrue(after.Keys == [Key("drz_2", "web")]);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_consumer_written_in_another_case_keeps_its_keys(bool prune)
    {
        var file = new Tenant { Slug = "acme", Consumers = [new() { Name = "Mobile" }, new() { Name = "web" }] };
        var after = TenantEdits.Overlay(Stored, file, prune);
        Assert.IsTrue(after.Keys == [Key("drz_1", "Mobile"), Key("drz_2", "web")]);
    }

    [TestMethod]
    public void A_key_does_not_outlive_its_consumer()
    {
        var without = Stored with { Tenant = Stored.Tenant with { Consumers = TenantEdits.Remove(Stored.Tenant.Consumers, "MOBILE", c => c.Name) } };
        Assert.IsTrue(TenantEdits.WithoutOrphanKeys(without).Keys == [Key("drz_2", "web")]);
        Assert.AreSame(Stored, TenantEdits.WithoutOrphanKeys(Stored));
    }

    [TestMethod]
    public void Put_replaces_by_name_whatever_the_case_or_adds_at_the_end()
    {
        ValueList<Consumer> consumers = [new() { Name = "a" }, new() { Name = "b" }];
        Assert.IsTrue(TenantEdits.Put(consumers, new() { Name = "A" }, c => c.Name) == [new() { Name = "A" }, new() { Name = "b" }]);
        Assert.IsTrue(TenantEdits.Put(consumers, new() { Name = "c" }, c => c.Name) == [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "c" }]);
    }

    [TestMethod]
    public void Applying_a_file_twice_changes_nothing_more()
    {
        var file = Samples.Everything.Tenant;
        var once = TenantEdits.Overlay(Stored, file, prune: false);
        Assert.AreEqual(once, TenantEdits.Overlay(once, file, prune: false));
    }

    private static Service Service(string slug, int weight) => new() { Slug = slug, Destinations = [new() { Url = "http://up.test", Weight = weight }] };

    private static ApiKey Key(string prefix, string consumer) => new() { Prefix = prefix, Consumer = consumer, Hash = prefix };
}
