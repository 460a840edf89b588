using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Drizzle.Admin.Web;

/// <summary>One file of the console, as it is sent.</summary>
/// <param name="IsHashed">Whether its name changes with its content.</param>
internal sealed record ConsoleFile(byte[] Plain, byte[] Gzip, string ContentType, string Tag, bool IsHashed);

/// <summary>The console's files, read once and kept as they are sent.</summary>
internal sealed class ConsoleFolder
{
    private const int MostFiles = 500;
    private const long Largest = 10 << 20;
    private const string Page = "/index.html";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
        [".png"] = "image/png",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly FrozenDictionary<string, ConsoleFile> _files;

    private ConsoleFolder(FrozenDictionary<string, ConsoleFile> files) => _files = files;

    /// <summary>The page that every screen is; null where the console was not built.</summary>
    public ConsoleFile? Index => _files.GetValueOrDefault(Page);

    /// <param name="path">Such as <c>/assets/index-1a2b.js</c>.</param>
    public ConsoleFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <param name="folder">Where it was built to; it may not be there.</param>
    public static ConsoleFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) return new(FrozenDictionary<string, ConsoleFile>.Empty);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Types.ContainsKey(Path.GetExtension(f)) && new FileInfo(f).Length <= Largest).Take(MostFiles);
        return new(files.ToFrozenDictionary(f => "/" + Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'), FileOf, StringComparer.Ordinal));
    }

    private static ConsoleFile FileOf(string file)
    {
        var plain = File.ReadAllBytes(file);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(plain);
        return new(plain, packed.ToArray(), Types[Path.GetExtension(file)], $"\"{Convert.ToHexStringLower(SHA256.HashData(plain))[..16]}\"", file.Contains("/assets/", StringComparison.Ordinal));
    }
}
