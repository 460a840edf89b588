namespace Drizzle.Contracts.Ports;

/// <summary>Someone who logs in with a password.</summary>
/// <param name="Scope">The tenant whose user it is; empty for the platform.</param>
/// <param name="Name">Unique within its scope.</param>
/// <param name="PasswordHash">Salted and slow, as the framework's hasher writes it.</param>
/// <param name="Stamp">Changes with the password; a session is good while its user has the stamp that it was opened with.</param>
public sealed record User(string Scope, string Name, AccessRole Role, string PasswordHash, string Stamp, DateTimeOffset CreatedAt, DateTimeOffset? LastLoginAt = null)
{
    public static string NewStamp() => Guid.NewGuid().ToString("N");
}

/// <summary>The people who may use the admin API. Those of a tenant go with the tenant. What is changed here is audited in the same transaction.</summary>
public interface IUsers
{
    ValueTask<User?> FindAsync(string scope, string name, CancellationToken cancellation);

    /// <summary>Those of one scope, by name.</summary>
    ValueTask<IReadOnlyList<User>> ListAsync(string scope, CancellationToken cancellation);

    /// <returns>False where the name is taken, or there is no such tenant.</returns>
    ValueTask<bool> AddAsync(User user, ChangeAuthor author, CancellationToken cancellation);

    /// <returns>False where there is no such user.</returns>
    ValueTask<bool> ChangeRoleAsync(string scope, string name, AccessRole role, ChangeAuthor author, CancellationToken cancellation);

    /// <summary>Ends the user's sessions too.</summary>
    /// <returns>False where there is no such user.</returns>
    ValueTask<bool> ChangePasswordAsync(string scope, string name, string passwordHash, ChangeAuthor author, CancellationToken cancellation);

    /// <summary>With the user's sessions.</summary>
    /// <returns>False where there is no such user.</returns>
    ValueTask<bool> DeleteAsync(string scope, string name, ChangeAuthor author, CancellationToken cancellation);
}
