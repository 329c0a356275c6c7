using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Promethoide.Api.Access;

/// <summary>Secrets that are generated and shown once: tokens, keys, initial passwords.</summary>
internal static class Secret
{
    public const string SessionPrefix = "pms_";
    public const string KeyPrefix = "pmk_";

    // 32^16 = 80 bits, without letters and digits that are easily confused.
    private const string Readable = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>A token of 256 bits. Its prefix identifies it to people and to secret scanners.</summary>
    public static string NewToken(string prefix) => prefix + WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>A password to write down once: four groups of four.</summary>
    public static string NewPassword() =>
        string.Join('-', RandomNumberGenerator.GetString(Readable, 16).Chunk(4).Select(group => new string(group)));

    /// <summary>The stored hash of a token. It needs no salt and no iterations: 256 bits cannot be guessed.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
