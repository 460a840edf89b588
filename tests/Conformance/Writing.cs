using Drizzle.Contracts.Model;
using Drizzle.Contracts.Ports;

namespace Drizzle.Conformance;

/// <summary>Short forms of what most tests write.</summary>
internal static class Writing
{
    public static readonly ChangeAuthor Author = new("tester", null);

    public static TenantDocument Document(string slug, params string[] hosts) => new() { Tenant = new() { Slug = slug, Hosts = [.. hosts] } };

    public static TenantDocument Named(string slug, string name) => new() { Tenant = new() { Slug = slug, Name = name } };

    public static ValueTask<WriteOutcome> TryWriteAsync(this IConfigStore store, long expected, TenantDocument document, CancellationToken cancellation) =>
        store.WriteTenantAsync(document.Tenant.Slug, expected, document, Author, cancellation);

    /// <returns>The revision of the write, which must succeed.</returns>
    public static async Task<long> WriteAsync(this IConfigStore store, long expected, TenantDocument document, CancellationToken cancellation) =>
        RevisionOf(await store.TryWriteAsync(expected, document, cancellation));

    /// <returns>The revision of the deletion, which must succeed.</returns>
    public static async Task<long> DeleteAsync(this IConfigStore store, string slug, long expected, CancellationToken cancellation) =>
        RevisionOf(await store.WriteTenantAsync(slug, expected, null, Author, cancellation));

    public static long RevisionOf(WriteOutcome outcome) => Assert.IsInstanceOfType<WriteOutcome.Written>(outcome).Revision;
}
