namespace Promethoide.Api.Interpol;

/// <summary>The number of an identity document: 1–15 letters or digits, in upper case, without dots, dashes and spaces.</summary>
internal static class DocumentNumber
{
    public const int MaximumLength = 15;

    public static string Normalise(string text) => Identifier.Compact(text, dropPunctuation: true);

    /// <summary>True for a number (normalised) that a traveller can have.</summary>
    public static bool IsValid(string number) => Identifier.IsLettersOrDigits(number, MaximumLength);

    /// <summary>True for a number (normalised) that can be looked up: the original took <c>_</c> as well, and found nobody.</summary>
    public static bool CanBeLookedUp(string number) =>
        number.Length is > 0 and <= MaximumLength && number.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');
}
