using System.Text.RegularExpressions;
using Promethoide.Api.Data;

namespace Promethoide.Api.Officers;

/// <summary>Officers' user names: 1–64 of a–z, 0–9, dot, underscore, hyphen and @. They are case-insensitive.</summary>
internal static partial class OfficerName
{
    public const string Rule = "Use 1 to 64 of a–z, 0–9, dot, underscore, hyphen and @, and begin with a letter or digit.";

    public static string Normalise(string name) => name.Trim().ToLowerInvariant();

    /// <summary>True for a valid user name (normalised).</summary>
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex(Officer.NamePattern)]
    private static partial Regex Pattern();
}
