using System.Globalization;

namespace Promethoide.Documents;

/// <summary>
/// The number of an identity document: 1 to 15 letters or digits, in upper case, without separators. The desk and the API compare numbers
/// only in this form.
/// </summary>
public static class DocumentNumber
{
    /// <summary>The maximum length of a number.</summary>
    public const int MaximumLength = 15;

    /// <summary>Longer than anything typed, even with label and separators; longer text is refused unread.</summary>
    private const int LongestInput = 100;

    /// <summary>A passport number has at most nine characters (ICAO Doc 9303, part 4).</summary>
    private const int LongestPassportNumber = 9;

    private const int ShortestLabelled = 5;

    // Longest first where one is a prefix of another.
    private static readonly (string Text, Kind Kind)[] Labels =
    [
        ("DNI", Kind.National), ("NIE", Kind.National), ("NIF", Kind.National),
        ("PASAPORTE", Kind.Word), ("PASSPORT", Kind.Word), ("DOCUMENTO", Kind.Word), ("DOCUMENT", Kind.Word),
        ("NÚMERO", Kind.Word), ("NUMERO", Kind.Word), ("NUMBER", Kind.Word),
        ("NÚM", Kind.Short), ("NUM", Kind.Short), ("NO", Kind.Short), ("NR", Kind.Short),
        ("ID", Kind.Identity), ("N", Kind.Initial),
    ];

    private enum Kind
    {
        /// <summary>A Spanish abbreviation, also with dots: DNI, D.N.I.</summary>
        National,

        /// <summary>A whole word; no number begins with it.</summary>
        Word,

        /// <summary>Short for "number"; may follow another label.</summary>
        Short,

        /// <summary>ID, which may also be the series of a passport.</summary>
        Identity,

        /// <summary>N, which is a label only with an ordinal indicator or a colon.</summary>
        Initial,
    }

    /// <summary>
    /// The text in upper case, without white space, dots and dashes (hyphens and the minus sign too), and without labels before the number
    /// such as "DNI", "N.I.E.", "Pasaporte n.º", "Passport No." and "ID:". Other characters stay, so that <see cref="IsValid"/> rejects
    /// them. Normalising is idempotent. Text of more than 100 characters is not read at all.
    /// </summary>
    /// <returns>The number, valid or not; "" for text of more than 100 characters.</returns>
    public static string Normalise(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestInput)
        {
            return "";
        }

        Span<char> upper = stackalloc char[text.Length];
        text.AsSpan().ToUpperInvariant(upper);
        Span<char> kept = stackalloc char[text.Length];
        var length = Compact(WithoutLabels(upper), kept);

        // A label typed as "D NI 12345678Z" becomes visible only now. If it stayed, normalising again would change the number.
        var number = WithoutLabels(kept[..length]);
        return number.SequenceEqual(text) ? text : new string(number);
    }

    /// <summary>True for a valid number (normalised): 1 to 15 ASCII letters or digits.</summary>
    public static bool IsValid(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length is > 0 and <= MaximumLength && number.All(char.IsAsciiLetterOrDigit);
    }

    /// <summary>
    /// True for a number (normalised) that can be looked up: a valid one, or one with <c>_</c>, which the API has always accepted.
    /// </summary>
    public static bool CanBeLookedUp(string number)
    {
        ArgumentNullException.ThrowIfNull(number);
        return number.Length is > 0 and <= MaximumLength
            && number.All(character => char.IsAsciiLetterOrDigit(character) || character is '_');
    }

    private static int Compact(ReadOnlySpan<char> text, Span<char> kept)
    {
        var length = 0;
        foreach (var character in text)
        {
            if (!IsDropped(character))
            {
                kept[length++] = character;
            }
        }

        return length;
    }

    private static ReadOnlySpan<char> WithoutLabels(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty && IsDropped(text[0]))
        {
            text = text[1..];
        }

        var labelled = false;
        while (AfterLabel(text, labelled) is > 0 and var start)
        {
            text = text[start..];
            labelled = true;
        }

        return text;
    }

    /// <summary>Where the number begins after a leading label; 0 without a label, and when its letters may belong to the number.</summary>
    private static int AfterLabel(ReadOnlySpan<char> text, bool labelled)
    {
        foreach (var (label, kind) in Labels)
        {
            var end = EndOf(label, kind, text, out var marked);
            if (end == 0)
            {
                continue;
            }

            var start = end;
            while (start < text.Length && (IsMark(text[start]) || IsDropped(text[start]) || text[start] is '/'))
            {
                marked |= IsMark(text[start]) || (kind is Kind.Short && text[start] is '.');
                start++;
            }

            var rest = text[start..];
            if (IsPlausible(rest) && (marked || IsLabel(label, kind, rest, separated: start > end, labelled)))
            {
                return start;
            }
        }

        return 0;
    }

    // Numbers begin with series of letters, and "ID", "NO" and "DNI" are possible ones: Polish cards have three letters and six digits,
    // such as "DNI 123456". So a label is removed only before at least five letters or digits, one of them a digit, and only when it is:
    // - marked: with a colon or ordinal indicator after it, dots between its letters, or a dot after "No", "Nr" or "Núm";
    // - a word (Pasaporte, Document, Number) before a separator or a digit; or "No" and a separator after another label;
    // - DNI, NIE, NIF, No or ID before a separator, and with the number longer than the nine characters of a passport number;
    // - DNI, NIE or NIF directly before exactly a DNI or NIE, whose letter may be missing.
    // In doubt the letters stay: "NO1234567" and "ID 1234567" are looked up as they are.
    private static bool IsLabel(string label, Kind kind, ReadOnlySpan<char> rest, bool separated, bool labelled) => kind switch
    {
        Kind.Initial => false,
        Kind.Word => separated || char.IsAsciiDigit(rest[0]),
        Kind.Short when separated && labelled => true,
        _ when separated => label.Length + LettersAndDigits(rest) > LongestPassportNumber,
        Kind.National => IsSpanish(rest),
        _ => false,
    };

    /// <summary>Where the leading label ends; 0 when there is none.</summary>
    private static int EndOf(string label, Kind kind, ReadOnlySpan<char> text, out bool dotted)
    {
        dotted = false;
        var end = 0;
        foreach (var letter in label)
        {
            if (kind is Kind.National && end > 0 && end < text.Length && text[end] is '.')
            {
                dotted = true;
                end++;
                while (end < text.Length && char.IsWhiteSpace(text[end]))
                {
                    end++;
                }
            }

            if (end >= text.Length || text[end] != letter)
            {
                return 0;
            }

            end++;
        }

        return end;
    }

    private static bool IsPlausible(ReadOnlySpan<char> rest) =>
        rest.ContainsAnyInRange('0', '9') && LettersAndDigits(rest) >= ShortestLabelled;

    private static bool IsSpanish(ReadOnlySpan<char> rest)
    {
        Span<char> kept = stackalloc char[rest.Length];
        return SpanishNumber.HasShape(kept[..Compact(rest, kept)]);
    }

    private static int LettersAndDigits(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsAsciiLetterOrDigit(character) ? 1 : 0;
        }

        return count;
    }

    /// <summary>A colon, an ordinal indicator (º) or a degree sign (°) as in "N.º": no number contains one.</summary>
    private static bool IsMark(char character) => character is ':' or 'º' or '°';

    /// <summary>White space, a dot or a dash. Unicode classifies the minus sign, U+2212, as a mathematical symbol.</summary>
    private static bool IsDropped(char character) =>
        character is '.' or '\u2212'
        || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation;
}
