using System.Security.Cryptography;
using System.Text;

namespace Promethoide.Api.Immigration;

/// <summary>
/// Distinguishes a retried request from a new one: the <c>Idempotency-Key</c> header, chosen by the client
/// (draft-ietf-httpapi-idempotency-key-header). Requests without one get a key for the API's own retries.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const int MaximumLength = 255;

    /// <summary>How long an answer is kept for retries.</summary>
    public const string KeptFor = "1 day";

    /// <summary>The request's key in the database; keys of different callers cannot collide.</summary>
    /// <returns>False when the header is not a valid key.</returns>
    public static bool TryRead(string? header, string? caller, out byte[] key)
    {
        if (header is null)
        {
            key = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
            return true;
        }

        // The draft requires quotes; many clients omit them.
        var text = header is ['"', .. var quoted, '"'] ? quoted : header;
        key = SHA256.HashData(Encoding.UTF8.GetBytes($"{caller}\n{text}"));
        return text.Length is > 0 and <= MaximumLength && text.All(character => character is > ' ' and <= '~');
    }
}
