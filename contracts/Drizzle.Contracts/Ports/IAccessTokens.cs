namespace Drizzle.Contracts.Ports;

/// <summary>What a caller of the admin API may do; each may do what those before it may.</summary>
public enum AccessRole
{
    /// <summary>Reads everything of its tenant.</summary>
    Viewer,

    /// <summary>Changes its tenant, hosts aside, and makes keys.</summary>
    Editor,

    /// <summary>Says who else may use its tenant.</summary>
    Owner,

    /// <summary>Does everything, in every tenant.</summary>
    PlatformOwner,
}

/// <summary>A bearer token of the admin API, known by the hash of its text.</summary>
/// <param name="Scope">The tenant that it is for; empty for the platform.</param>
/// <param name="Name">Unique within its scope; shown to people.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the token.</param>
/// <param name="ExpiresAt">Never when null.</param>
/// <param name="LastUsedAt">To the minute; null where it was never used.</param>
public sealed record AccessToken(
    string Scope, string Name, string Hash, AccessRole Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt = null, DateTimeOffset? LastUsedAt = null);

/// <summary>The programs that may use the admin API. The tokens of a tenant go with the tenant. What is changed here is audited in the same transaction.</summary>
public interface IAccessTokens
{
    /// <returns>The token, whether or not it has expired.</returns>
    ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation);

    /// <summary>Those of one scope, by name.</summary>
    ValueTask<IReadOnlyList<AccessToken>> ListAsync(string scope, CancellationToken cancellation);

    /// <returns>False where the name is taken, or there is no such tenant.</returns>
    ValueTask<bool> AddAsync(AccessToken token, ChangeAuthor author, CancellationToken cancellation);

    /// <returns>False where there is no such token.</returns>
    ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation);

    /// <summary>Keeps when a token was last used.</summary>
    ValueTask UsedAsync(string hash, DateTimeOffset at, CancellationToken cancellation);
}
