namespace Promethoide.Api.Flights;

/// <summary>The number of a flight: 1–10 letters or digits, in upper case, without spaces.</summary>
internal static class FlightNumber
{
    public const int MaximumLength = 10;

    /// <summary>Longer than anything an officer would type; longer text is refused unread.</summary>
    private const int LongestInput = 100;

    /// <summary>The text in upper case, without white space; "" when it is absurdly long.</summary>
    public static string Normalise(string text)
    {
        if (text.Length > LongestInput)
        {
            return "";
        }

        Span<char> kept = stackalloc char[text.Length];
        var length = 0;
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                kept[length++] = char.ToUpperInvariant(character);
            }
        }

        return text.AsSpan().SequenceEqual(kept[..length]) ? text : new string(kept[..length]);
    }

    /// <summary>True for a valid flight number (normalised).</summary>
    public static bool IsValid(string number) => number.Length is > 0 and <= MaximumLength && number.All(char.IsAsciiLetterOrDigit);
}
