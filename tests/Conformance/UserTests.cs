using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

/// <summary>Users, their sessions, what is counted against guessing, and the audit of it all.</summary>
public abstract class UserTests(IEngineFixture fixture) : EngineTests(fixture)
{
    private IUsers Users => Engine.Users;

    private ILogins Logins => Engine.Logins;

    [TestMethod]
    public async Task Everything_about_a_user_is_kept()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        var jo = Jo("acme", AccessRole.Editor);
        Assert.IsTrue(await Users.AddAsync(jo, Writing.Author, Stop));
        await ReopenAsync();
        Assert.AreEqual(jo, await Users.FindAsync("acme", "jo", Stop));
        Assert.IsNull(await Users.FindAsync("", "jo", Stop));
        Assert.IsFalse(await Users.AddAsync(jo with { PasswordHash = "another" }, Writing.Author, Stop));
        Assert.IsTrue(await Users.ChangeRoleAsync("acme", "jo", AccessRole.Viewer, Writing.Author, Stop));
        Assert.IsTrue(await Users.ChangePasswordAsync("acme", "jo", "new", Writing.Author, Stop));
        var now = Assert.ContainsSingle(await Users.ListAsync("acme", Stop));
        Assert.AreEqual(jo with { Role = AccessRole.Viewer, PasswordHash = "new", Stamp = now.Stamp }, now);
        Assert.AreNotEqual(jo.Stamp, now.Stamp);
        Assert.IsTrue(await Users.DeleteAsync("acme", "jo", Writing.Author, Stop));
        Assert.IsEmpty(await Users.ListAsync("acme", Stop));
    }

    [TestMethod]
    public async Task Who_is_not_there_is_not_changed()
    {
        Assert.IsFalse(await Users.ChangeRoleAsync("", "jo", AccessRole.Viewer, Writing.Author, Stop));
        Assert.IsFalse(await Users.ChangePasswordAsync("", "jo", "new", Writing.Author, Stop));
        Assert.IsFalse(await Users.DeleteAsync("", "jo", Writing.Author, Stop));
        Assert.IsFalse(await Users.AddAsync(Jo("nobody", AccessRole.Viewer), Writing.Author, Stop));
        Assert.IsFalse(await OpenAsync(Jo("", AccessRole.PlatformOwner), "s"));
        Assert.IsEmpty(await Engine.Audit.ListAsync(new(null, false, null, null, long.MaxValue, 10), Stop));
    }

    [TestMethod]
    public async Task A_session_has_its_users_role_as_it_is_now()
    {
        var jo = await AddedAsync("acme", AccessRole.Editor);
        Assert.IsTrue(await OpenAsync(jo, "s"));
        await ReopenAsync();
        var live = await Logins.FindAsync("s", Stop);
        Assert.AreEqual(new LiveSession(Session(jo, "s"), AccessRole.Editor), live);
        Assert.AreEqual(Clock.GetUtcNow(), (await Users.FindAsync("acme", "jo", Stop))?.LastLoginAt);
        await Users.ChangeRoleAsync("acme", "jo", AccessRole.Viewer, Writing.Author, Stop);
        await Logins.UsedAsync("s", Clock.GetUtcNow().AddMinutes(5), Stop);
        Assert.AreEqual(new LiveSession(Session(jo, "s") with { LastUsedAt = Clock.GetUtcNow().AddMinutes(5) }, AccessRole.Viewer), await Logins.FindAsync("s", Stop));
        await Logins.CloseAsync("s", Stop);
        Assert.IsNull(await Logins.FindAsync("s", Stop));
    }

    [TestMethod]
    public async Task Sessions_end_with_the_password_with_the_user_and_with_the_tenant()
    {
        var jo = await AddedAsync("acme", AccessRole.Editor);
        Assert.IsTrue(await OpenAsync(jo, "first"));
        await Users.ChangePasswordAsync("acme", "jo", "new", Writing.Author, Stop);
        Assert.IsNull(await Logins.FindAsync("first", Stop));
        jo = await Users.FindAsync("acme", "jo", Stop) ?? throw new AssertFailedException();
        Assert.IsTrue(await OpenAsync(jo, "second"));
        await Users.DeleteAsync("acme", "jo", Writing.Author, Stop);
        Assert.IsNull(await Logins.FindAsync("second", Stop));
        await Users.AddAsync(jo, Writing.Author, Stop);
        Assert.IsNull(await Logins.FindAsync("second", Stop), "whoever has the name now is another");
        Assert.IsTrue(await OpenAsync(jo, "third"));
        await Engine.Store.DeleteAsync("acme", 1, Stop);
        Assert.IsNull(await Logins.FindAsync("third", Stop));
        Assert.IsEmpty(await Users.ListAsync("acme", Stop));
        Assert.IsFalse(await Users.AddAsync(jo, Writing.Author, Stop), "the tenant is gone");
    }

    [TestMethod]
    public async Task Sessions_that_have_ended_are_forgotten_at_the_next_login()
    {
        var jo = await AddedAsync("acme", AccessRole.Editor);
        await OpenAsync(jo, "old");
        Clock.Advance(TimeSpan.FromHours(2));
        await OpenAsync(jo, "new");
        Assert.IsNull(await Logins.FindAsync("old", Stop));
        Assert.IsNotNull(await Logins.FindAsync("new", Stop));
    }

    [TestMethod]
    public async Task A_login_that_was_judged_by_the_old_password_opens_nothing()
    {
        var jo = await AddedAsync("acme", AccessRole.Editor);
        await Users.ChangePasswordAsync("acme", "jo", "new", Writing.Author, Stop);
        await OpenAsync(jo, "late");
        Assert.IsNull(await Logins.FindAsync("late", Stop));
    }

    [TestMethod]
    public async Task Attempts_are_bounded_by_subject_by_origin_and_by_both()
    {
        var limits = new AttemptLimits(ByBoth: 2, BySubject: 3, ByOrigin: 4);
        Assert.IsTrue(await TryAsync("acme/jo", "here", limits));
        Assert.IsTrue(await TryAsync("acme/jo", "here", limits));
        Assert.IsFalse(await TryAsync("acme/jo", "here", limits), "by both");
        Assert.IsTrue(await TryAsync("acme/jo", "there", limits));
        Assert.IsFalse(await TryAsync("acme/jo", "elsewhere", limits), "by subject");
        Assert.IsTrue(await TryAsync("acme/al", "here", limits));
        Assert.IsTrue(await TryAsync("acme/bo", "here", limits));
        Assert.IsFalse(await TryAsync("acme/cy", "here", limits), "by origin");
        await ReopenAsync();
        Assert.IsFalse(await TryAsync("acme/jo", "here", limits));
        await Logins.ForgiveAsync("acme/jo", "here", Stop);
        Assert.IsTrue(await TryAsync("acme/jo", "here", limits));
        Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.IsTrue(await TryAsync("acme/jo", "here", limits));
        Assert.IsTrue(await TryAsync("acme/jo", "here", limits));
    }

    [TestMethod]
    public async Task Attempts_at_once_are_no_more_than_attempts_in_turn()
    {
        var tries = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(async () => await TryAsync("acme/jo", "here", new(5, 50, 20)))));
        Assert.AreEqual(5, tries.Count(let => let));
    }

    [TestMethod]
    public async Task What_is_done_is_audited_with_who_did_it()
    {
        var author = new ChangeAuthor("root", "asked for", "192.0.2.1");
        await Engine.Store.WriteTenantAsync("acme", 0, Writing.Document("acme"), author, Stop);
        var jo = Jo("acme", AccessRole.Editor);
        await Users.AddAsync(jo, author, Stop);
        await Users.ChangeRoleAsync("acme", "jo", AccessRole.Viewer, author, Stop);
        await Users.ChangePasswordAsync("acme", "jo", "new", author, Stop);
        await OpenAsync(jo, "s");
        await Engine.Audit.WriteAsync(Refused("acme/jo"), Stop);
        await Users.DeleteAsync("acme", "jo", author, Stop);
        await Engine.Tokens.AddAsync(new("acme", "ci", new string('a', 64), AccessRole.Viewer, Clock.GetUtcNow()), author, Stop);
        await Engine.Tokens.DeleteAsync("acme", "ci", author, Stop);
        await Engine.Store.WritePlatformAsync(0, new(), author, Stop);
        await Engine.Store.WriteTenantAsync("acme", 1, Writing.Named("acme", "Acme"), author, Stop);
        await Engine.Audit.WriteAsync(new("", "root", null, AuditActions.EdgeForgotten, "edge"), Stop);
        await ReopenAsync();

        var all = (await Engine.Audit.ListAsync(new(null, false, null, null, long.MaxValue, 100), Stop)).Reverse().ToArray();
        Assert.AreSequenceEqual(
            new[]
            {
                AuditActions.TenantCreated, AuditActions.UserCreated, AuditActions.UserRoleChanged, AuditActions.UserPasswordChanged, AuditActions.Login, AuditActions.LoginRefused,
                AuditActions.UserDeleted, AuditActions.TokenCreated, AuditActions.TokenDeleted, AuditActions.PlatformChanged, AuditActions.TenantChanged, AuditActions.EdgeForgotten,
            },
            all.Select(e => e.Record.Action));
        Assert.AreEqual(new AuditRecord("acme", "root", "192.0.2.1", AuditActions.TenantCreated, null, "asked for"), all[0].Record);
        Assert.AreEqual(new AuditRecord("acme", "root", "192.0.2.1", AuditActions.UserCreated, "jo", "asked for"), all[1].Record);
        Assert.AreEqual((1L, (long?)null, Clock.GetUtcNow()), (all[0].Revision ?? 0, all[1].Revision, all[1].At));
        Assert.AreEqual(3, all[10].Revision);
    }

    [TestMethod]
    public async Task The_audit_is_read_by_scope_action_and_actor_and_in_pages()
    {
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        await Engine.Store.WriteAsync(0, Writing.Document("other"), Stop);
        for (var i = 0; i < 5; i++) await Engine.Audit.WriteAsync(Refused("acme/jo"), Stop);
        Assert.HasCount(6, await ListAsync(new("acme", true, null, null, long.MaxValue, 100)));
        Assert.HasCount(1, await ListAsync(new("acme", true, AuditActions.TenantCreated, null, long.MaxValue, 100)));
        Assert.HasCount(5, await ListAsync(new(null, false, null, "acme/jo", long.MaxValue, 100)));
        Assert.IsEmpty(await ListAsync(new("", false, null, null, long.MaxValue, 100)));
        var first = await ListAsync(new("acme", true, null, null, long.MaxValue, 4));
        var second = await ListAsync(new("acme", true, null, null, first[^1].Id, 4));
        Assert.AreEqual(6, first.Concat(second).Select(e => e.Id).Distinct().Count());
        Assert.HasCount(2, second);

        await Engine.Store.DeleteAsync("acme", 1, Stop);
        await Engine.Store.WriteAsync(0, Writing.Document("acme"), Stop);
        Assert.HasCount(1, await ListAsync(new("acme", true, null, null, long.MaxValue, 100)), "what a former tenant did is none of its successor's");
        Assert.HasCount(8, await ListAsync(new("acme", false, null, null, long.MaxValue, 100)));
    }

    private ValueTask<IReadOnlyList<AuditEntry>> ListAsync(AuditQuery query) => Engine.Audit.ListAsync(query, Stop);

    private ValueTask<bool> TryAsync(string subject, string origin, AttemptLimits limits) => Logins.TryAttemptAsync(subject, origin, Clock.GetUtcNow(), Clock.GetUtcNow().AddMinutes(-15), limits, Stop);

    private static AuditRecord Refused(string subject) => new(subject.Split('/')[0], subject, "192.0.2.9", AuditActions.LoginRefused);

    private ValueTask<bool> OpenAsync(User user, string hash) => Logins.OpenAsync(Session(user, hash), new(user.Scope, user.Name, null, AuditActions.Login, user.Name), Stop);

    private Session Session(User user, string hash) => new(hash, user.Scope, user.Name, user.Stamp, Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(1), Clock.GetUtcNow());

    private async Task<User> AddedAsync(string tenant, AccessRole role)
    {
        await Engine.Store.WriteAsync(0, Writing.Document(tenant), Stop);
        var user = Jo(tenant, role);
        Assert.IsTrue(await Users.AddAsync(user, Writing.Author, Stop));
        return user;
    }

    private User Jo(string scope, AccessRole role) => new(scope, "jo", role, "hash", User.NewStamp(), Clock.GetUtcNow());
}
