using System.Reflection;
using System.Text;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Engine.Orleans;
using Drizzle.Engine.Orleans.Grains;
using Drizzle.Silo;
using Drizzle.Silo.Buckets;
using Drizzle.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.CodeGeneration;
using Orleans.Metadata;

namespace Drizzle.Conformance.Orleans;

/// <summary>
/// What silos, edges and admins of different versions say to each other is written down, and reviewed as text. A field or a method may be added; one that is there keeps its number or its name, and its type.
/// After a change that is meant: <c>DRIZZLE_WRITE_DOCS=1 dotnet test tests/Conformance --filter WireContractTests</c>.
/// </summary>
[TestClass]
public sealed class WireContractTests
{
    private static readonly string Reviewed = Path.Combine(Repository.Root, "tests", "Conformance", "Orleans", "wire.txt");

    [TestMethod]
    public void The_contracts_on_the_wire_are_those_that_were_reviewed()
    {
        var types = new[] { typeof(OrleansEngine), typeof(SiloHost) }.SelectMany(t => t.Assembly.GetTypes()).Where(t => t.Namespace?.StartsWith("Drizzle.", StringComparison.Ordinal) == true).ToList();
        var lines = types.Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null).Select(Data)
            .Concat(types.Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t)).Select(Calls))
            .Concat(types.Where(t => typeof(Grain).IsAssignableFrom(t)).Select(Answers));
        var text = $"contract {ContractVersion.Spoken}, understood from {ContractVersion.Oldest} on\n\n{Shards()}\n{Desks()}\n\n" + string.Join("\n\n", lines.Order(StringComparer.Ordinal)) + "\n";
        if (Environment.GetEnvironmentVariable("DRIZZLE_WRITE_DOCS") == "1") File.WriteAllText(Reviewed, text);
        Assert.AreEqual(File.ReadAllText(Reviewed), text);
    }

    [TestMethod]
    public void What_an_owner_of_a_shard_leaves_to_one_of_another_version_is_read_as_it_was_meant()
    {
        const string left = """{"epochs":[7,3],"number":117440513,"lostFor":-5,"buckets":[{"limit":"acme/plan:p/each","subject":"mobile","revision":12,"hasRecord":true,"isWritten":true,"bucket":{"rule":{"interval":100,"burst":10},"credit":250,"fillsIn":50,"grants":[{"number":9,"edge":"edge-1","tokens":6,"left":4,"reclaimIn":1000}]}}]}""";
        var read = HandedShard.Read(Encoding.UTF8.GetBytes(left));
        Assert.AreEqual(left, Encoding.UTF8.GetString(read.Write()));
        Assert.AreSequenceEqual(new long[] { 7, 3 }, read.Epochs);
        Assert.AreEqual((117440513, -5), (read.Number, read.LostFor));
        var one = Assert.ContainsSingle(read.Buckets);
        Assert.AreEqual(("acme/plan:p/each", "mobile", 12, true, true), (one.Limit, one.Subject, one.Revision, one.HasRecord, one.IsWritten));
        Assert.AreEqual((new BucketRule(100, 10), 250, 50), (one.Bucket.Rule, one.Bucket.Credit, one.Bucket.FillsIn));
        Assert.AreEqual(new HandedGrant(9, "edge-1", Tokens: 6, Left: 4, ReclaimIn: 1000), Assert.ContainsSingle(one.Bucket.Grants));
        // Of one that does not say so it is written once more.
        Assert.IsFalse(HandedShard.Read(Encoding.UTF8.GetBytes(left.Replace("\"isWritten\":true,", "", StringComparison.Ordinal))).Buckets[0].IsWritten);
    }

    /// <summary>An edge asks where its own hash says a bucket is: one that says otherwise would have a second owner found for it.</summary>
    private static string Shards() => $"shards {BucketShards.Count}: " + string.Join(", ", new BucketId[] { new("acme/plan:p/each", "mobile"), new("platform/address", "192.0.2.1"), new("a", "b/c"), new("a/b", "c") }.Select(b => $"{b.Limit}+{b.Subject} {BucketShards.Of(b)}"));

    private static string Desks() => "lease desks: " + string.Join(", ", new[] { 0, 1, AnyWay.Ways - 1 }.Select(way => LeaseDeskKey.Of("192.0.2.1:11111@5", way)).Select(key => $"{key} at {LeaseDeskKey.SiloOf(key)}"));

    private static string Answers(Type type) => $"grain {type.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(new ServiceCollection().BuildServiceProvider(), type)} answers {string.Join(", ", type.GetInterfaces().Where(i => i.GetCustomAttribute<AliasAttribute>() is not null).Select(Alias))}";

    private static string Data(Type type)
    {
        var members = type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Select(m => (Member: m, Id: m.GetCustomAttribute<IdAttribute>()?.Id)).Where(m => m.Id is not null);
        return string.Join('\n', [$"data {Alias(type)}", .. members.OrderBy(m => m.Id).Select(m => $"  {m.Id} {m.Member.Name}: {Name(m.Member is PropertyInfo p ? p.PropertyType : ((FieldInfo)m.Member).FieldType)}")]);
    }

    private static string Calls(Type type) => string.Join('\n', [$"calls {Alias(type)}, version {type.GetCustomAttribute<VersionAttribute>()?.Version}", .. type.GetMethods().Select(m =>
        $"  {Alias(m)}({string.Join(", ", m.GetParameters().Select(p => Name(p.ParameterType)))}): {Name(m.ReturnType)}").Order(StringComparer.Ordinal)]);

    private static string Alias(MemberInfo member)
    {
        var alias = member.GetCustomAttribute<AliasAttribute>()?.Alias;
        Assert.IsNotNull(alias, $"{member} has no alias.");
        return alias;
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
