namespace Promethoide.Documents;

/// <summary>
/// A nationality as in machine readable zones (ICAO Doc 9303, part 3, section 5): 1 to 3 letters, in upper case. The desk and the API read
/// it in the same way.
/// </summary>
public static class Nationality
{
    private const int MaximumLength = 3;

    /// <summary>The code in upper case, without surrounding spaces.</summary>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().ToUpperInvariant();
    }

    /// <summary>True for a valid code, after <see cref="Normalise"/>.</summary>
    public static bool IsValid(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return code.Length is > 0 and <= MaximumLength && code.All(char.IsAsciiLetterUpper);
    }
}
