using Drizzle.Contracts.Editing;
using Drizzle.Contracts.Model;

namespace Drizzle.Contracts.Tests.Editing;

[TestClass]
public sealed class OwnershipTests
{
    private static readonly Tenant File = new() { Slug = "acme", Hosts = ["a.test"], Consumers = [new() { Name = "Mobile" }], Policies = [new() { Name = "all", Cedar = "x" }] };

    [TestMethod]
    public void A_file_owns_what_it_states_and_lets_go_of_what_it_states_no_longer()
    {
        var first = Apply(null, File, "a.yaml");
        Assert.AreSequenceEqual(new[] { "consumer/mobile a.yaml", "policy/all a.yaml", "tenant/hosts a.yaml" }, Shown(first));
        Assert.AreEqual(first, Apply(first, File, "a.yaml"));
        var less = Apply(first, File with { Policies = [] }, "a.yaml");
        Assert.AreSequenceEqual(new[] { "consumer/mobile a.yaml", "tenant/hosts a.yaml" }, Shown(less));
        Assert.HasCount(1, less.Tenant.Policies);
    }

    [TestMethod]
    public void Other_means_may_not_change_what_is_owned_and_may_change_the_rest()
    {
        var stored = Apply(null, File, "a.yaml");
        Assert.AreEqual("policy/all", Conflict(stored, stored.Tenant with { Policies = [new() { Name = "ALL", Cedar = "y" }] }, null)?.Object);
        Assert.AreEqual("policy/all", Conflict(stored, stored.Tenant with { Policies = [] }, null)?.Object);
        Assert.AreEqual("tenant/hosts", Conflict(stored, stored.Tenant with { Hosts = ["b.test"] }, null)?.Object);
        Assert.IsNull(Conflict(stored, stored.Tenant with { Name = "Acme", Consumers = [.. stored.Tenant.Consumers, new() { Name = "web" }] }, null));
        Assert.IsNull(Conflict(stored, stored.Tenant with { Policies = [] }, "a.yaml"));
        Assert.IsNotNull(Conflict(stored, stored.Tenant with { Policies = [] }, "b.yaml"));
        Assert.IsNull(Ownership.FirstConflict(stored, TenantDiff.Between(stored, null), null), "a tenant is deleted whole");
    }

    [TestMethod]
    public void What_is_changed_by_force_is_nobodys_until_the_file_comes_again()
    {
        var stored = Apply(null, File, "a.yaml");
        var forced = Change(stored, stored.Tenant with { Policies = [new() { Name = "all", Cedar = "y" }] }, null);
        Assert.AreSequenceEqual(new[] { "consumer/mobile a.yaml", "tenant/hosts a.yaml" }, Shown(forced));
        Assert.AreSequenceEqual(Shown(stored), Shown(Apply(forced, File, "a.yaml")));
    }

    [TestMethod]
    public void Two_files_share_a_tenant_and_neither_takes_the_others()
    {
        var first = Apply(null, File, "a.yaml");
        var second = Apply(first, new() { Slug = "acme", Consumers = [new() { Name = "web" }, new() { Name = "Mobile" }] }, "b.yaml");
        Assert.AreSequenceEqual(new[] { "consumer/mobile a.yaml", "consumer/web b.yaml", "policy/all a.yaml", "tenant/hosts a.yaml" }, Shown(second));
        var gone = Change(second, second.Tenant with { Consumers = [second.Tenant.Consumers[0]] }, null);
        Assert.DoesNotContain("consumer/web b.yaml", Shown(gone));
    }

    [TestMethod]
    public void A_file_under_another_name_takes_by_force_what_it_states()
    {
        var stored = Apply(null, File, "a.yaml");
        Assert.AreSequenceEqual(Shown(stored), Shown(Apply(stored, File, "b.yaml")));
        Assert.AreSequenceEqual(new[] { "consumer/mobile b.yaml", "policy/all b.yaml", "tenant/hosts b.yaml" }, Shown(Apply(stored, File, "b.yaml", isForced: true)));
    }

    private static TenantDocument Apply(TenantDocument? stored, Tenant file, string name, bool isForced = false)
    {
        var after = TenantEdits.Overlay(stored, file, prune: false);
        return after with { Owners = Ownership.After(after, stored, TenantDiff.Between(stored, after), name, Ownership.StatedBy(file), isForced) };
    }

    private static TenantDocument Change(TenantDocument stored, Tenant tenant, string? file)
    {
        var after = stored with { Tenant = tenant };
        return after with { Owners = Ownership.After(after, stored, TenantDiff.Between(stored, after), file, new HashSet<string>(), isForced: true) };
    }

    private static ObjectOwner? Conflict(TenantDocument stored, Tenant tenant, string? file) => Ownership.FirstConflict(stored, TenantDiff.Between(stored, stored with { Tenant = tenant }), file);

    private static string[] Shown(TenantDocument document) => [.. document.Owners.Select(o => $"{o.Object} {o.File}")];
}
