using System.Xml.Linq;
using Drizzle.Testing;

namespace Drizzle.Contracts.Tests.Architecture;

[TestClass]
public sealed class ProjectReferencesTests
{
    private static readonly string[] Folders = ["contracts", "silo", "edge", "admin"];

    [TestMethod]
    public void Projects_reference_only_what_their_folder_may()
    {
        var root = Repository.Root;
        var projects = Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.csproj", SearchOption.AllDirectories)).ToList();
        foreach (var name in new[] { "Drizzle.Contracts", "Drizzle.Engine.Sql", "Drizzle.Edge", "Drizzle.Admin", "Drizzle.Cli" })
        {
            Assert.Contains(name, projects.Select(p => Path.GetFileNameWithoutExtension(p)).ToList());
        }
        var wrong = projects.SelectMany(p => Wrong(Path.GetRelativePath(root, p), References(root, p))).ToList();
        Assert.IsEmpty(wrong, string.Join("; ", wrong));
    }

    [TestMethod]
    [DataRow("contracts/Drizzle.Contracts/Drizzle.Contracts.csproj", "edge/Drizzle.Edge/Drizzle.Edge.csproj", false)]
    [DataRow("contracts/Drizzle.Contracts/Drizzle.Contracts.csproj", "contracts/Drizzle.Cedar/Drizzle.Cedar.csproj", true)]
    [DataRow("silo/Drizzle.Silo/Drizzle.Silo.csproj", "silo/Drizzle.Engine.Orleans/Drizzle.Engine.Orleans.csproj", true)]
    [DataRow("silo/Drizzle.Silo/Drizzle.Silo.csproj", "admin/Drizzle.Admin/Drizzle.Admin.csproj", false)]
    [DataRow("edge/Drizzle.Edge/Drizzle.Edge.csproj", "silo/Drizzle.Engine.Sql/Drizzle.Engine.Sql.csproj", false)]
    [DataRow("edge/Drizzle.Edge/Drizzle.Edge.csproj", "tests/Drizzle.Edge.Tests/Drizzle.Edge.Tests.csproj", false)]
    [DataRow("admin/Drizzle.Admin/Drizzle.Admin.csproj", "edge/Drizzle.Edge/Drizzle.Edge.csproj", false)]
    [DataRow("admin/Drizzle.Admin/Drizzle.Admin.csproj", "contracts/Drizzle.Contracts/Drizzle.Contracts.csproj", true)]
    [DataRow("admin/Drizzle.Cli/Drizzle.Cli.csproj", "edge/Drizzle.Edge/Drizzle.Edge.csproj", true)]
    public void The_rule_tells_right_from_wrong(string project, string reference, bool isAllowed) =>
        Assert.AreEqual(isAllowed, !Wrong(project, [reference]).Any());

    private static IEnumerable<string> Wrong(string project, IEnumerable<string> references)
    {
        if (Path.GetFileNameWithoutExtension(project) == "Drizzle.Cli") return [];
        string[] allowed = Top(project) == "silo" ? ["contracts", "silo"] : ["contracts"];
        return references.Where(r => !allowed.Contains(Top(r))).Select(r => $"{project} names {r}");
    }

    private static IEnumerable<string> References(string root, string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(r => (r.Attribute("Include")?.Value ?? "").Replace('\\', '/'))
            .Select(r => Path.GetRelativePath(root, Path.GetFullPath(r, Path.GetDirectoryName(project) ?? root)));

    private static string Top(string path) => path.Replace('\\', '/').Split('/')[0];
}
