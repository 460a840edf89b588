using System.Reflection;
using Drizzle.Engine.Orleans;
using Drizzle.Testing;
using Orleans;
using Orleans.CodeGeneration;

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
        var types = typeof(OrleansEngine).Assembly.GetTypes().Where(t => t.Namespace?.StartsWith("Drizzle.", StringComparison.Ordinal) == true).ToList();
        var lines = types.Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>() is not null).Select(Data).Concat(types.Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t)).Select(Calls));
        var text = $"contract {ContractVersion.Spoken}, understood from {ContractVersion.Oldest} on\n\n" + string.Join("\n\n", lines.Order(StringComparer.Ordinal)) + "\n";
        if (Environment.GetEnvironmentVariable("DRIZZLE_WRITE_DOCS") == "1") File.WriteAllText(Reviewed, text);
        Assert.AreEqual(File.ReadAllText(Reviewed), text);
    }

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
