using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Drizzle.Admin.Access;

/// <summary>
/// Hashes passwords with the framework's hasher, PBKDF2 with HMAC-SHA512, as often as OWASP says. One is made and one is checked at a time, because each
/// takes a core for a good part of a second and the edge may be in this process; so who makes many users keeps nobody from logging in. A queue that is
/// too long is refused.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int Shortest = 12;
    public const int Longest = 256;

    private const int Iterations = 210_000;
    private const int LongestQueue = 32;
    private const int GeneratedLength = 24;
    private const string Letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The hasher asks whose the password is, and does nothing with it.</summary>
    private static readonly object Anyone = new();

    private readonly PasswordHasher<object> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private readonly Queue _making = new();
    private readonly Queue _checking = new();
    private readonly Lazy<string> _nobodys;

    public Passwords() => _nobodys = new(() => _hasher.HashPassword(Anyone, Generate()));

    /// <returns>Null, or a sentence on what is wrong.</returns>
    public static string? Error(string password) => password.Length switch
    {
        < Shortest => $"A password has at least {Shortest} characters.",
        > Longest => $"A password has at most {Longest} characters.",
        _ => password.Distinct().Count() < 5 ? "A password has more than a few different characters." : null,
    };

    public static string Generate() => RandomNumberGenerator.GetString(Letters, GeneratedLength);

    /// <exception cref="BusyException">Too many wait.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellation) => _making.RunAsync(() => _hasher.HashPassword(Anyone, password), cancellation);

    /// <param name="hash">Null for a user who is not there, which takes as long.</param>
    /// <exception cref="BusyException">Too many wait.</exception>
    public Task<bool> IsRightAsync(string? hash, string password, CancellationToken cancellation) => _checking.RunAsync(
        () => _hasher.VerifyHashedPassword(Anyone, hash ?? _nobodys.Value, password) != PasswordVerificationResult.Failed && hash is not null, cancellation);

    public void Dispose()
    {
        _making.Dispose();
        _checking.Dispose();
    }

    private sealed class Queue : IDisposable
    {
        private readonly SemaphoreSlim _turn = new(1);
        private int _waiting;

        public async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
        {
            try
            {
                if (Interlocked.Increment(ref _waiting) > LongestQueue) throw new BusyException();
                await _turn.WaitAsync(cancellation);
                try
                {
                    return await Task.Run(work, CancellationToken.None);
                }
                finally
                {
                    _turn.Release();
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        public void Dispose() => _turn.Dispose();
    }
}

/// <summary>Too much of something is under way.</summary>
internal sealed class BusyException : Exception;
