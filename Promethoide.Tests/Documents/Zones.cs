namespace Promethoide.Tests.Documents;

/// <summary>
/// Machine-readable zones: specimens published by the issuers, and generated ones, whose check digits are computed here independently.
/// </summary>
internal static class Zones
{
    // ICAO Doc 9303, parts 4 and 5; the long number from part 11, appendix D.
    public const string Passport = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    public const string Card = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
    public const string LongNumber = "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<";

    public const string GermanPassport = "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4";
    public const string DutchPassport = "P<NLDDE<BRUIJN<<WILLEKE<LISELOTTE<<<<<<<<<<<\nSPECI20142NLD6503101F2403096999999990<<<<<84";
    public const string CzechPassport = "P<CZESPECIMEN<<VZOR<<<<<<<<<<<<<<<<<<<<<<<<<\n99009054<4CZE6906229F16072996956220612<<<<74";
    public const string SpanishPassport = "P<ESPESPANOLA<ESPANOLA<<CARMEN<<<<<<<<<<<<<<\nZAB0002549ESP8001014F2501017A9999999900<<<44";
    public const string MalaysianPassport = "P<MYSMEGAN<ELLA<RUTH<BIN<ISMAELAR<EZZAHUDDIN\nA001122338MYS0911267M2010153<<<<<<<<<<<<<<<8";

    public const string Dni = "IDESPBAA000589599999999R<<<<<<\n8001014F2501017ESP<<<<<<<<<<<7\nESPANOLA<ESPANOLA<<CARMEN<<<<<";
    public const string Dni4 = "IDESPCAA000000499999999R<<<<<<\n8001014F3106028ESP<<<<<<<<<<<1\nESPANOLA<ESPANOLA<<CARMEN<<<<<";
    public const string GermanCard = "IDD<<T220001293<<<<<<<<<<<<<<<\n6408125<2010315D<<<<<<<<<<<<<4\nMUSTERMANN<<ERIKA<<<<<<<<<<<<<";
    public const string NorwegianCard = "CANORGDC0001273230456<12345<<<\n5604230M2606118NOR<<<<<<<<<<<9\nTRAVELER<<HAPPY<<<<<<<<<<<<<<<";
    public const string PortugueseCard = "I<PRT007666667<ZZ00<<<<<<<<<<<\n8303143M3405293PRT<<<<<<<<<<<4\nCACADOR<DE<ARAUJO<<ANDRE<ESTEV";

    // The number's check digit leaves out the filler in the first card and includes it in the second.
    public const string BelgianCard = "IDBEL600001795<0152<<<<<<<<<<<\n1301014F2311207BEL130101987398\nSPECIMEN<<SPECIMEN<<<<<<<<<<<<";
    public const string EarlierBelgianCard =
        "IDBEL592211692<1741<<<<<<<<<<<\n9003107F2509301BEL900310244094\nSPECIMEN<<SPECIMEN<<<<<<<<<<<<";

    public const string Characters = LettersAndDigits + "<";

    // In order of their values: 0 to 35.
    private const string LettersAndDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    public static IEnumerable<string> All =>
    [
        Passport, GermanPassport, DutchPassport, CzechPassport, SpanishPassport, MalaysianPassport,
        Card, LongNumber, Dni, Dni4, GermanCard, NorwegianCard, PortugueseCard, BelgianCard, EarlierBelgianCard,
    ];

    public static int Value(char character) =>
        Math.Max(0, LettersAndDigits.IndexOf(character, StringComparison.Ordinal));

    public static char CheckDigit(string text) =>
        LettersAndDigits[text.Select((character, i) => Value(character) * Value("731"[i % 3])).Sum() % 10];

    public static string MakePassport(
        string state = "UTO", string name = "ERIKSSON<<ANNA", string number = "L898902C3", string birth = "740812",
        string expiry = "300415", string optional = "", char? optionalDigit = null)
    {
        var (numberField, optionalField) = (Checked(Field(number, 9)), Field(optional, 14));
        var (birthField, expiryField) = (Checked(birth), Checked(expiry));
        optionalField += optionalDigit ?? CheckDigit(optionalField);
        return $"P<{Field(state, 3)}{Field(name, 39)}\n{numberField}UTO{birthField}F{expiryField}{optionalField}"
            + CheckDigit(numberField + birthField + expiryField + optionalField);
    }

    public static string MakeCard(
        string state = "UTO", string name = "ERIKSSON<<ANNA", string number = "D23145890", string birth = "740812",
        string expiry = "300415", string optional = "", string more = "", string? firstLineRest = null)
    {
        var rest = Field(firstLineRest ?? Checked(Field(number, 9)) + optional, 25);
        var (birthField, expiryField) = (Checked(birth), Checked(expiry));
        return $"ID{Field(state, 3)}{rest}\n{birthField}F{expiryField}UTO{Field(more, 11)}"
            + $"{CheckDigit(rest + birthField + expiryField + Field(more, 11))}\n{Field(name, 30)}";
    }

    /// <summary>Passports and cards, the same on every run; half of the cards have a long number.</summary>
    public static IEnumerable<string> Made(int count)
    {
        var random = new Random(20_260_105);
        for (var i = 0; i < count; i++)
        {
            var number = Random(random, 9);
            var rest = Random(random, 3);
            yield return (i % 3) switch
            {
                0 => MakePassport(number: number, optional: Random(random, 12)),
                1 => MakeCard(number: number, optional: Random(random, 12), more: Random(random, 8)),
                _ => MakeCard(firstLineRest: $"{number}<{rest}{CheckDigit(number + rest)}", more: Random(random, 8)),
            };
        }
    }

    /// <summary>A passport or card with correct check digits and arbitrary field contents, meaningful or not.</summary>
    public static string Any(Random random)
    {
        var (birth, expiry) = (Random(random, 6, characters: "0123456789<"), Random(random, 6, characters: "0011223"));
        var name = Random(random, 30, characters: "ADELNVY<<");
        return random.Next(2) == 0
            ? MakePassport(name: name, number: "A" + Random(random, 8, characters: Characters), birth: birth, expiry: expiry)
            : MakeCard("ESP", name, Random(random, 9), birth, expiry, Random(random, 15, characters: Characters), Random(random, 11));
    }

    /// <summary>The positions (with the lines joined) of the characters that a check digit covers.</summary>
    public static IEnumerable<int> CheckedPositions(string zone) => zone.Length == 88
        ? [.. Span(44, 54), .. Span(57, 64), .. Span(65, 88)]
        : [.. Span(5, 37), .. Span(38, 45), .. Span(48, 60)];

    /// <summary>The positions of the check digits, except those of long numbers and of empty optional data.</summary>
    public static IEnumerable<int> CheckDigits(string zone) => zone.Length == 88
        ? zone[72] == '<' ? [53, 63, 71, 87] : [53, 63, 71, 86, 87]
        : zone[14] == '<' ? [36, 44, 59] : [14, 36, 44, 59];

    public static string With(string text, int line, int column, char character)
    {
        var lines = text.Split('\n');
        lines[line] = lines[line][..column] + character + lines[line][(column + 1)..];
        return string.Join('\n', lines);
    }

    public static string Random(Random random, int least, int? most = null, string characters = LettersAndDigits) =>
        new(random.GetItems<char>(characters, random.Next(least, (most ?? least) + 1)));

    private static string Field(string text, int length) => text.PadRight(length, '<');

    private static string Checked(string field) => field + CheckDigit(field);

    private static IEnumerable<int> Span(int start, int end) => Enumerable.Range(start, end - start);
}
