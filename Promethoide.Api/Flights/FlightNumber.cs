namespace Promethoide.Api.Flights;

/// <summary>The number of a flight: 1–10 letters or digits, in upper case, without spaces.</summary>
internal static class FlightNumber
{
    public const int MaximumLength = 10;

    public static string Normalise(string text) => Identifier.Compact(text, dropPunctuation: false);

    /// <summary>True for a number (normalised) that a flight can have.</summary>
    public static bool IsValid(string number) => Identifier.IsLettersOrDigits(number, MaximumLength);
}
