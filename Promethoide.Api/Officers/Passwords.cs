using Microsoft.AspNetCore.Identity;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>
/// The rules for passwords: long enough, and not a common one. There are no composition rules (OWASP ASVS 2.1.9, NIST SP 800-63B 5.1.1.2).
/// </summary>
internal sealed class Passwords(IPasswordHasher<Officer> hasher) : IDisposable
{
    public const int MinimumLength = 12;
    public const int MaximumLength = 128;

    /// <summary>zxcvbn's score, 0 to 4: a lower score means fewer than 10^6 guesses, so a common password.</summary>
    private const int LeastScore = 2;

    // zxcvbn's time grows faster than the length, so only the beginning of a longer password is judged.
    private const int Judged = 64;

    // The number of concurrent checks: each keeps a core busy for a tenth of a second.
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));

    // Verified when the officer does not exist, so that the answer takes as long.
    private readonly Lazy<string> _nobodys = new(() => hasher.HashPassword(null!, Guid.NewGuid().ToString()));

    /// <summary>What is wrong with a new password; null when it is acceptable.</summary>
    public static string? Fault(string password, string userName) => password switch
    {
        { Length: < MinimumLength } => $"Use at least {MinimumLength} characters.",
        { Length: > MaximumLength } => $"Use at most {MaximumLength} characters.",
        _ when password.Contains(userName, StringComparison.OrdinalIgnoreCase) => "Leave your user name out.",
        _ when Zxcvbn.Zxcvbn.MatchPassword(password[..Math.Min(Judged, password.Length)], [userName, "promethoide"]).Score < LeastScore =>
            "This password is too common: it would be among the first that are tried.",
        _ => null,
    };

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken) =>
        await WithCoreAsync(() => hasher.HashPassword(null!, password), cancellationToken);

    /// <summary>True when the password is the officer's; takes as long when the officer does not exist.</summary>
    public async Task<bool> VerifyAsync(Officer? officer, string password, CancellationToken cancellationToken)
    {
        var result = await WithCoreAsync(
            () => hasher.VerifyHashedPassword(null!, officer?.PasswordHash ?? _nobodys.Value, password), cancellationToken);
        return officer?.PasswordHash is not null && result is not PasswordVerificationResult.Failed;
    }

    public void Dispose() => _cores.Dispose();

    private async Task<T> WithCoreAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _cores.Release();
        }
    }
}
