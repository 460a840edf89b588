using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Tests.Editing;

[TestClass]
public sealed class TenantDiffTests
{
    [TestMethod]
    public void Equal_states_have_no_changes()
    {
        Assert.IsEmpty(TenantDiff.Between(Samples.Everything, Samples.Everything with { Keys = [.. Samples.Everything.Keys] }));
        Assert.IsEmpty(TenantDiff.Between(null, null));
    }

    [TestMethod]
    public void A_new_tenant_is_added_with_all_that_it_holds()
    {
        string[] expected = ["add tenant acme", "add plan starter", "add service orders", "add route read", "add consumer mobile", "add policy readers", "add issuer idp", "add key drz_abcdefgh"];
        CollectionAssert.AreEqual(expected, Shown(null, Samples.Everything));
        CollectionAssert.AreEqual(expected.Select(e => e.Replace("add", "remove", StringComparison.Ordinal)).ToArray(), Shown(Samples.Everything, null));
    }

    [TestMethod]
    public void A_change_of_the_tenant_itself_is_told_from_changes_of_what_it_holds()
    {
        var before = Samples.Everything;
        CollectionAssert.AreEqual(new[] { "change tenant acme" }, Shown(before, before with { Tenant = before.Tenant with { Hosts = ["other.test"] } }));
        var after = before with
        {
            Tenant = before.Tenant with
            {
                Services = [before.Tenant.Services[0] with { KeyHeader = "X-Other" }],
                Consumers = [.. before.Tenant.Consumers, new Consumer { Name = "web" }],
                Policies = [],
            },
            Keys = [before.Keys[0] with { Revoked = false }],
        };
        CollectionAssert.AreEqual(new[] { "change service orders", "add consumer web", "remove policy readers", "change key drz_abcdefgh" }, Shown(before, after));
    }

    [TestMethod]
    public void A_name_in_another_case_is_a_change_and_not_another_object()
    {
        var before = Samples.Everything;
        var after = before with { Tenant = before.Tenant with { Consumers = [before.Tenant.Consumers[0] with { Name = "Mobile" }] } };
        CollectionAssert.AreEqual(new[] { "change consumer Mobile" }, Shown(before, after));
    }

    private static string[] Shown(TenantDocument? before, TenantDocument? after) =>
        [.. TenantDiff.Between(before, after).Select(c => $"{c.Action} {c.Kind} {c.Name}")];
}
