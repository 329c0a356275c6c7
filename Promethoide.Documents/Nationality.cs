namespace Promethoide.Documents;

/// <summary>
/// A nationality as machine readable zones have it (ICAO Doc 9303, part 3, section 5): 1 to 3 letters, in upper case. The desk and the API
/// read it alike.
/// </summary>
public static class Nationality
{
    private const int MaximumLength = 3;

    /// <summary>The code without the spaces around it, in upper case.</summary>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().ToUpperInvariant();
    }

    /// <summary>True for what <see cref="Normalise"/> makes of a code.</summary>
    public static bool IsValid(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length is > 0 and <= MaximumLength && code.All(char.IsAsciiLetterUpper);
    }
}
