using System.Diagnostics.CodeAnalysis;

namespace Promethoide.Documents;

/// <summary>
/// The data in the machine readable zone of a passport (TD3, 2 lines of 44 characters: ICAO Doc 9303, part 4) or card (TD1, 3 lines of 30:
/// part 5). All check digits have been verified. Name, nationality, sex, issuing state and document code have none: the officer compares
/// them.
/// </summary>
/// <remarks>A class, because a record would print personal data wherever it is logged.</remarks>
public sealed class MachineReadableZone
{
    /// <summary>
    /// Numbers and separators contain no '&lt;'; text of this length without one is not a number, but a zone from a misconfigured scanner.
    /// </summary>
    private const int LongWithoutFiller = 60;

    private const string Spain = "ESP";

    // 1 January 9999, with a two-digit year.
    private const string Permanent = "990101";

    private static readonly Layout Passport = new(
        ZoneFormat.Td3, Name: 5..44, Number: 44..53, Nationality: 54..57, BirthDate: 57..63, Sex: 64, ExpiryDate: 65..71, Optional: 72..86,
        MoreOptional: 86..86, Composite: [44..54, 57..64, 65..87], CompositeDigit: 87, Length: 88);

    private static readonly Layout Card = new(
        ZoneFormat.Td1, Name: 60..90, Number: 5..14, Nationality: 45..48, BirthDate: 30..36, Sex: 37, ExpiryDate: 38..44, Optional: 15..30,
        MoreOptional: 48..59, Composite: [5..30, 30..37, 38..45, 48..59], CompositeDigit: 59, Length: 90);

    private MachineReadableZone(ReadOnlySpan<char> zone, Layout layout, string number, int optionalStart, DateOnly today)
    {
        Format = layout.Format;
        DocumentCode = Text(zone[..2]);
        IssuingState = Text(zone[2..5]);
        DocumentNumber = number;
        OptionalData = Text(zone[optionalStart..layout.Optional.End]);
        MoreOptionalData = Text(zone[layout.MoreOptional]);
        Nationality = Text(zone[layout.Nationality]);
        BirthDate = ZoneDate.OfBirth(zone[layout.BirthDate], today);
        Sex = zone[layout.Sex] switch { 'F' => Sex.Female, 'M' => Sex.Male, _ => Sex.Unspecified };

        // Spain's cards for people over 70 never expire: they say 01 01 9999.
        ExpiryDate = IssuingState is Spain && layout.Format is ZoneFormat.Td1 && zone[layout.ExpiryDate] is Permanent
            ? new(9999, 1, 1)
            : ZoneDate.OfExpiry(zone[layout.ExpiryDate], today);

        var name = zone[layout.Name];
        var separator = name.IndexOf("<<");
        Surname = Text(separator < 0 ? name : name[..separator]);
        GivenNames = separator < 0 ? "" : Text(name[separator..]);
        NameMayBeCut = name[^1] != '<';

        // The document number field holds the card's number, which changes with every renewal. The person's number is in the optional data.
        PersonalNumber = IssuingState is Spain && layout.Format is ZoneFormat.Td1 && SpanishNumber.HasRightLetter(OptionalData) is not null
            ? OptionalData
            : null;
    }

    /// <summary>Passport or card.</summary>
    public ZoneFormat Format { get; }

    /// <summary>The kind of document, 1 or 2 letters: P and another letter for passports; I, A or C and another letter for cards.</summary>
    public string DocumentCode { get; }

    /// <summary>
    /// The issuer, 1 to 3 letters as in Doc 9303, part 3, section 5: ISO 3166 alpha-3, but D for Germany; also UNO and others.
    /// </summary>
    public string IssuingState { get; }

    /// <summary>The document's number without fillers: letters and digits, up to 9, or up to 22 on a card.</summary>
    public string DocumentNumber { get; }

    /// <summary>The DNI or NIE on a Spanish card, possibly with a wrong letter; null on every other document.</summary>
    public string? PersonalNumber { get; }

    /// <summary>
    /// The number to look up: the DNI or NIE on a Spanish card, because the card's number changes with every renewal; otherwise the
    /// document's number. Check it with <see cref="Documents.DocumentNumber.CanBeLookedUp"/> first: some are longer.
    /// </summary>
    public string Number => PersonalNumber ?? DocumentNumber;

    /// <summary>The surname in capitals, with spaces for fillers; all names when the zone does not separate them. May be empty.</summary>
    public string Surname { get; }

    /// <summary>The given names in capitals, with spaces for fillers; may be empty.</summary>
    public string GivenNames { get; }

    /// <summary>
    /// Given names and surname as people write them: "Anna Maria Eriksson", "Willeke de Bruijn". The zone has neither accents nor lower
    /// case, so this is only a suggestion.
    /// </summary>
    public string DisplayName => ZoneName.Display(GivenNames, Surname);

    /// <summary>True when the name fills its field (39 characters in a passport, 30 on a card) and may therefore be truncated.</summary>
    public bool NameMayBeCut { get; }

    /// <summary>
    /// The nationality, with the codes of <see cref="IssuingState"/>; also XXA for stateless persons, XXB and XXC for refugees.
    /// </summary>
    public string Nationality { get; }

    /// <summary>The date of birth, taken as the latest date that is not after today; null when part of it is unknown.</summary>
    public DateOnly? BirthDate { get; }

    /// <summary>The sex.</summary>
    public Sex Sex { get; }

    /// <summary>
    /// The last day on which the document is valid, less than 50 years before today or at most 50 after it; 1 January 9999 on Spanish cards
    /// that never expire; null when the zone has no date.
    /// </summary>
    public DateOnly? ExpiryDate { get; }

    /// <summary>
    /// The issuer's optional data, with spaces for fillers: up to 14 characters in a passport, up to 15 in a card's first line; may be
    /// empty.
    /// </summary>
    public string OptionalData { get; }

    /// <summary>The issuer's optional data in a card's second line, up to 11 characters, with spaces for fillers; may be empty.</summary>
    public string MoreOptionalData { get; }

    /// <summary>
    /// True for text that should go to <see cref="TryRead"/> rather than be taken for a number: it begins with P, I, A, C or V (a visa,
    /// which is refused), and has a filler or is too long for anything else.
    /// </summary>
    public static bool LooksLikeOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var start = 0;
        while (start < text.Length && IsBetween(text[start]))
        {
            start++;
        }

        return start < text.Length && Upper(text[start]) is 'P' or 'I' or 'A' or 'C' or 'V'
            && (text.Contains('<', StringComparison.Ordinal) || text.Length - start >= LongWithoutFiller);
    }

    /// <summary>
    /// Reads scanned or pasted text: the lines with or without breaks, spaces or tabs between them, in upper or lower case.
    /// </summary>
    /// <param name="text">The text, of any length.</param>
    /// <param name="today">The date at the desk, which determines the century of two-digit years.</param>
    /// <param name="zone">The zone's data; null unless all of its check digits are right.</param>
    /// <param name="problem">Why the zone was rejected; null on success.</param>
    public static bool TryRead(
        string text, DateOnly today, [NotNullWhen(true)] out MachineReadableZone? zone, [NotNullWhen(false)] out ZoneProblem? problem)
    {
        zone = null;
        if (!LooksLikeOne(text))
        {
            problem = new(ZoneProblemKind.NotOne);
            return false;
        }

        Span<char> characters = stackalloc char[Card.Length];
        if (!Squeeze(text, characters, out var length))
        {
            problem = new(ZoneProblemKind.WrongCharacter);
            return false;
        }

        var layout = (characters[0], length) switch
        {
            ('P', 88) => Passport,
            ('I' or 'A' or 'C', 90) => Card,
            _ => null,
        };
        if (layout is null)
        {
            problem = new(ZoneProblemKind.WrongForm);
            return false;
        }

        characters = characters[..length];
        var number = NumberOf(characters, layout, out var optionalStart);
        problem = WrongCharacter(characters, layout) ?? WrongCheckDigit(characters, layout, number);
        zone = problem is null ? new(characters, layout, number!, optionalStart, today) : null;
        return zone is not null;
    }

    /// <summary>
    /// The zone's characters in upper case; false when there are others. The length keeps counting after the zone is full.
    /// </summary>
    private static bool Squeeze(string text, Span<char> zone, out int length)
    {
        length = 0;
        foreach (var character in text)
        {
            if (IsBetween(character))
            {
                continue;
            }

            var upper = Upper(character);
            if (!char.IsAsciiLetterUpper(upper) && !char.IsAsciiDigit(upper) && upper != '<')
            {
                return false;
            }

            if (length < zone.Length)
            {
                zone[length] = upper;
            }

            length++;
        }

        return true;
    }

    private static ZoneProblem? WrongCharacter(ReadOnlySpan<char> zone, Layout layout)
    {
        ZoneField? field =
            !IsCode(zone[..2]) ? ZoneField.DocumentCode
            : !IsCode(zone[2..5]) ? ZoneField.IssuingState
            : HasDigits(zone[layout.Name]) ? ZoneField.Name
            : zone[layout.Number].Trim('<').IsEmpty ? ZoneField.DocumentNumber
            : !IsCode(zone[layout.Nationality]) ? ZoneField.Nationality
            : HasLetters(zone[layout.BirthDate]) ? ZoneField.BirthDate
            : zone[layout.Sex] is not ('F' or 'M' or 'X' or '<') ? ZoneField.Sex
            : HasLetters(zone[layout.ExpiryDate]) ? ZoneField.ExpiryDate
            : null;
        return field is null ? null : new(ZoneProblemKind.WrongCharacter, field);
    }

    private static ZoneProblem? WrongCheckDigit(ReadOnlySpan<char> zone, Layout layout, string? number)
    {
        var composite = new CheckDigit();
        foreach (var part in layout.Composite)
        {
            composite.Add(zone[part]);
        }

        ZoneField? field =
            number is null ? ZoneField.DocumentNumber
            : !HasCheckDigit(zone, layout.BirthDate) ? ZoneField.BirthDate
            : !HasCheckDigit(zone, layout.ExpiryDate) ? ZoneField.ExpiryDate
            : layout.Format is ZoneFormat.Td3 && !HasOptionalDigit(zone, layout) ? ZoneField.OptionalData
            : !composite.Is(zone[layout.CompositeDigit]) ? ZoneField.Composite
            : null;
        return field is null ? null : new(ZoneProblemKind.WrongCheckDigit, field);
    }

    /// <summary>The number without fillers, and where the optional data begin; null when its check digit is wrong.</summary>
    private static string? NumberOf(ReadOnlySpan<char> zone, Layout layout, out int optionalStart)
    {
        optionalStart = layout.Optional.Start.Value;
        var first = zone[layout.Number];
        if (HasCheckDigit(zone, layout.Number))
        {
            return WithoutFillers(first);
        }

        if (layout.Format is not ZoneFormat.Td1 || zone[layout.Number.End] != '<' || first[^1] == '<')
        {
            return null;
        }

        // A longer number (Doc 9303, part 5): a filler replaces the check digit; the rest and the check digit are in the optional data, up
        // to the next filler.
        var optional = zone[layout.Optional];
        var end = optional.IndexOf('<');
        if (end < 2)
        {
            return null;
        }

        optionalStart += end;
        var rest = optional[..(end - 1)];
        var digit = optional[end - 1];
        var withoutFiller = new CheckDigit();
        withoutFiller.Add(first);
        withoutFiller.Add(rest);
        // Belgium included the filler on cards that are valid until 2030. The composite check digit always does, so little is lost by
        // allowing both.
        var withFiller = new CheckDigit();
        withFiller.Add(zone[layout.Number.Start..layout.Optional.Start]);
        withFiller.Add(rest);
        return withoutFiller.Is(digit) || withFiller.Is(digit) ? WithoutFillers(first) + WithoutFillers(rest) : null;
    }

    private static bool HasCheckDigit(ReadOnlySpan<char> zone, Range field)
    {
        var digit = new CheckDigit();
        digit.Add(zone[field]);
        return digit.Is(zone[field.End]);
    }

    /// <summary>Empty optional data may have a filler instead of the digit 0.</summary>
    private static bool HasOptionalDigit(ReadOnlySpan<char> zone, Layout layout) =>
        HasCheckDigit(zone, layout.Optional) || IsFiller(zone[layout.Optional.Start..layout.CompositeDigit]);

    private static bool IsCode(ReadOnlySpan<char> field) => field[0] != '<' && !HasDigits(field);

    private static bool HasDigits(ReadOnlySpan<char> field) => field.ContainsAnyInRange('0', '9');

    private static bool HasLetters(ReadOnlySpan<char> field) => field.ContainsAnyInRange('A', 'Z');

    private static bool IsFiller(ReadOnlySpan<char> field) => !field.ContainsAnyExcept('<');

    private static string WithoutFillers(ReadOnlySpan<char> field) => field.ToString().Replace("<", "", StringComparison.Ordinal);

    private static string Text(ReadOnlySpan<char> field) =>
        string.Join(' ', field.ToString().Split('<', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>White space and control characters: some scanners frame the zone with STX and ETX.</summary>
    private static bool IsBetween(char character) => char.IsWhiteSpace(character) || char.IsControl(character);

    private static char Upper(char character) => char.IsAsciiLetterLower(character) ? (char)(character - 'a' + 'A') : character;

    /// <summary>The positions of the fields in the joined lines. A field's check digit follows it.</summary>
    private sealed record Layout(
        ZoneFormat Format, Range Name, Range Number, Range Nationality, Range BirthDate, int Sex, Range ExpiryDate, Range Optional,
        Range MoreOptional, Range[] Composite, int CompositeDigit, int Length);

    /// <summary>Doc 9303, part 3, 4.9: the sum of the values, 0 to 35, weighted 7, 3 and 1, modulo 10. A filler counts as 0.</summary>
    private struct CheckDigit
    {
        private int _sum;
        private int _count;

        public void Add(ReadOnlySpan<char> characters)
        {
            foreach (var character in characters)
            {
                var value = char.IsAsciiDigit(character) ? character - '0' : character is '<' ? 0 : character - 'A' + 10;
                _sum += value * (_count++ % 3) switch { 0 => 7, 1 => 3, _ => 1 };
            }
        }

        public readonly bool Is(char digit) => digit == '0' + (_sum % 10);
    }
}

/// <summary>The document sizes whose zones can be read.</summary>
public enum ZoneFormat
{
    /// <summary>A card, with 3 lines of 30 characters.</summary>
    Td1,

    /// <summary>A passport or another booklet, with 2 lines of 44 characters.</summary>
    Td3,
}

/// <summary>The sex that a document states.</summary>
public enum Sex
{
    /// <summary>Not stated, or X.</summary>
    Unspecified,

    /// <summary>Female.</summary>
    Female,

    /// <summary>Male.</summary>
    Male,
}
