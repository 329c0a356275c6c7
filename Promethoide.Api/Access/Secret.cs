using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Promethoide.Api.Access;

/// <summary>What is generated and shown once: tokens, keys, first passwords.</summary>
internal static class Secret
{
    public const string SessionPrefix = "pms_";
    public const string KeyPrefix = "pmk_";

    // 32^16 = 80 bits, without letters and digits that are taken for others.
    private const string Readable = "abcdefghijkmnpqrstuvwxyz23456789";

    /// <summary>A token of 256 bits. Its prefix tells people, and scanners for leaked secrets, what it is.</summary>
    public static string NewToken(string prefix) => prefix + WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>A password to be written down once: four groups of four.</summary>
    public static string NewPassword() =>
        string.Join('-', RandomNumberGenerator.GetString(Readable, 16).Chunk(4).Select(group => new string(group)));

    /// <summary>What is kept of a token. It needs no salt and no iterations: nobody guesses 256 bits.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
