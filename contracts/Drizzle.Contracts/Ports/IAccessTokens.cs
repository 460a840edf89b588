namespace Drizzle.Contracts.Ports;

/// <summary>A bearer token of the admin API, known by the hash of its text.</summary>
/// <param name="Name">Unique; shown to people.</param>
/// <param name="Hash">Lower-case hexadecimal SHA-256 of the token.</param>
public sealed record AccessToken(string Name, string Hash, DateTimeOffset CreatedAt);

/// <summary>Who may use the admin API.</summary>
public interface IAccessTokens
{
    ValueTask<AccessToken?> FindAsync(string hash, CancellationToken cancellation);

    ValueTask<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancellation);

    /// <returns>False where the name is taken.</returns>
    ValueTask<bool> AddAsync(AccessToken token, CancellationToken cancellation);

    /// <returns>False where there is no such token.</returns>
    ValueTask<bool> DeleteAsync(string name, CancellationToken cancellation);
}
