using System.Security.Cryptography;
using System.Text;

namespace Promethoide.Api.Immigration;

/// <summary>
/// What tells a request that is sent again from a new one: the header <c>Idempotency-Key</c>, which the client makes up
/// (draft-ietf-httpapi-idempotency-key-header). Requests without one get a key for the API's own retries.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaximumLength = 255;

    /// <summary>How long an answer is kept for whoever asks again.</summary>
    public const string KeptFor = "1 day";

    /// <summary>What the database knows the request by; callers cannot meet each other's keys.</summary>
    /// <returns>False when the header is no key.</returns>
    public static bool TryRead(string? header, string? caller, out byte[] key)
    {
        if (header is null)
        {
            key = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
            return true;
        }

        // The draft puts it in quotes; many clients do not.
        var text = header is ['"', .. var quoted, '"'] ? quoted : header;
        key = SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{text}"));
        return text.Length is > 0 and <= MaximumLength && text.All(character => character is > ' ' and <= '~');
    }
}
