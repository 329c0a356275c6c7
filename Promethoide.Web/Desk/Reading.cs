using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Promethoide.Documents;
using Promethoide.Web.Hosting;

namespace Promethoide.Web.Desk;

/// <summary>Reads what officers type, however they type it.</summary>
public static partial class Reading
{
    private const decimal MostMoney = 1_000_000_000m;
    private const string ServicePrefix = "key/";

    /// <summary>The document in the form that the API compares, <see cref="DocumentNumber"/>; null when it cannot be one.</summary>
    public static string? Document(string text) =>
        DocumentNumber.Normalise(text) is var number && DocumentNumber.IsValid(number) ? number : null;

    /// <summary>The flight number without spaces and dashes, in upper case; null when it cannot be one.</summary>
    public static string? FlightNumber(string text) => Code(text, 10);

    /// <summary>A day as date inputs send it, YYYY-MM-DD, in every language; null for no text. False when it cannot be one.</summary>
    public static bool TryDay(string text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;
        return day is not null || string.IsNullOrWhiteSpace(text);
    }

    /// <summary>
    /// An amount with at most two decimals. "1.500", "1,500", "1 500" and "1500,00" are the same in every language: a last separator with
    /// one or two digits after it is the decimal one, all others separate thousands. So switching the language does not change what a form
    /// means.
    /// </summary>
    public static decimal? Money(string text)
    {
        var match = MoneyPattern().Match(Spaces().Replace(text, "").Replace(Formats.Currency, "", StringComparison.OrdinalIgnoreCase));
        if (!match.Success)
        {
            return null;
        }

        var whole = match.Groups["whole"].Value.Replace(".", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        var value = decimal.TryParse(
            $"{whole}.{match.Groups["cents"].Value}0", NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : MostMoney;
        return value < MostMoney ? value : null;
    }

    /// <summary>A whole number of days, from 1 to a year.</summary>
    public static int? Days(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= 365 ? days : null;

    /// <summary>A day of birth as <see cref="TryDay"/> reads it; false when no traveller can have been born then.</summary>
    public static bool TryBirthDate(string text, DateOnly today, out DateOnly? day) =>
        TryDay(text, out day) && (day is not { } birth || BirthDate.IsPossible(birth, today));

    /// <summary>The code of a nationality in the form that the API stores; empty for no text, null when it cannot be one.</summary>
    public static string? Nationality(string text) =>
        Documents.Nationality.Normalise(text) is var code && (code.Length == 0 || Documents.Nationality.IsValid(code)) ? code : null;

    /// <summary>
    /// Text without surrounding spaces; null when it is longer than the API stores, or has invisible characters: they break lines, change
    /// the direction of the text after them, or make two names look the same.
    /// </summary>
    public static string? Line(string text, int longest) =>
        text.Trim() is { } line && line.Length <= longest && IsVisible(line) ? line : null;

    /// <summary>An officer's user name, which is in lower case; null when it cannot be one.</summary>
    public static string? UserName(string text) =>
        text.Trim().ToLowerInvariant() is { } name && UserNamePattern().IsMatch(name) ? name : null;

    /// <summary>
    /// The author of a decision or look-up, as lists show it: a user name, or <c>key/NAME</c> for a service; null when it cannot be one.
    /// </summary>
    public static string? Officer(string text) =>
        text.Trim().ToLowerInvariant() is { } name
            && UserNamePattern().IsMatch(name.StartsWith(ServicePrefix, StringComparison.Ordinal) ? name[ServicePrefix.Length..] : name)
            ? name
            : null;

    private static bool IsVisible(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            // Half a surrogate pair is not a character.
            if (Rune.DecodeFromUtf16(text, out var rune, out var read) != OperationStatus.Done || Rune.GetUnicodeCategory(rune) is
                UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return false;
            }

            text = text[read..];
        }

        return true;
    }

    private static string? Code(string text, int longest)
    {
        var code = Separators().Replace(text, "").ToUpperInvariant();
        return code.Length > 0 && code.Length <= longest && code.All(char.IsAsciiLetterOrDigit) ? code : null;
    }

    [GeneratedRegex(@"[\s.\-]")]
    private static partial Regex Separators();

    [GeneratedRegex(@"\s")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._@-]{0,63}\z")]
    private static partial Regex UserNamePattern();

    [GeneratedRegex(@"^(?<whole>[0-9]{1,12}|[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}(,[0-9]{3})+)([.,](?<cents>[0-9]{1,2}))?$")]
    private static partial Regex MoneyPattern();
}
