using System.Globalization;

namespace Promethoide.Api;

/// <summary>Numbers of documents and flights as people type them, and as the database has them.</summary>
internal static class Identifier
{
    /// <summary>More than this no document is typed with; what is longer is wrong without looking at it.</summary>
    private const int LongestInput = 100;

    /// <summary>The text in upper case, without white space and, when asked for, without dots and dashes; "" when it is absurdly long.</summary>
    public static string Compact(string text, bool dropPunctuation)
    {
        if (text.Length > LongestInput)
        {
            return "";
        }

        Span<char> kept = stackalloc char[text.Length];
        var length = 0;
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character) && !(dropPunctuation && IsDotOrDash(character)))
            {
                kept[length++] = char.ToUpperInvariant(character);
            }
        }

        return text.AsSpan().SequenceEqual(kept[..length]) ? text : new string(kept[..length]);
    }

    /// <summary>1 to <paramref name="longest"/> ASCII letters or digits.</summary>
    public static bool IsLettersOrDigits(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsDotOrDash(char character) =>
        character is '.' || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation;
}
