using Promethoide.Documents;
using static Promethoide.Tests.Documents.ZoneReading;

namespace Promethoide.Tests.Documents;

/// <summary>What a zone says, and which text is not a zone.</summary>
public sealed class MachineReadableZoneTests
{
    [Theory]
    [InlineData(Zones.Passport, "P UTO L898902C3", "Anna Maria Eriksson", "UTO 1974-08-12", Sex.Female, "2012-04-15", "ZE184226B")]
    [InlineData(Zones.GermanPassport, "P D C01X00T47", "Erika Mustermann", "D 1964-08-12", Sex.Female, "2027-02-28", "")]
    [InlineData(
        Zones.DutchPassport, "P NLD SPECI2014", "Willeke Liselotte de Bruijn", "NLD 1965-03-10", Sex.Female, "2024-03-09", "999999990")]
    [InlineData(Zones.CzechPassport, "P CZE 99009054", "Vzor Specimen", "CZE 1969-06-22", Sex.Female, "2016-07-29", "6956220612")]
    [InlineData(
        Zones.SpanishPassport, "P ESP ZAB000254", "Carmen Espanola Espanola", "ESP 1980-01-01", Sex.Female, "2025-01-01", "A9999999900")]
    [InlineData(Zones.Card, "I UTO D23145890", "Anna Maria Eriksson", "UTO 1974-08-12", Sex.Female, "2012-04-15", "")]
    [InlineData(Zones.GermanCard, "ID D T22000129", "Erika Mustermann", "D 1964-08-12", Sex.Unspecified, "2020-10-31", "")]
    [InlineData(Zones.NorwegianCard, "CA NOR GDC000127", "Happy Traveler", "NOR 1956-04-23", Sex.Male, "2026-06-11", "230456 12345")]
    public void Specimens_are_read(string text, string document, string name, string born, Sex sex, string expiry, string optional)
    {
        var zone = Read(text);

        Assert.Equal(text.StartsWith('P') ? ZoneFormat.Td3 : ZoneFormat.Td1, zone.Format);
        Assert.Equal(document, $"{zone.DocumentCode} {zone.IssuingState} {zone.DocumentNumber}");
        Assert.Equal((zone.DocumentNumber, null), (zone.Number, zone.PersonalNumber));
        Assert.Equal((name, born), (zone.DisplayName, $"{zone.Nationality} {Iso(zone.BirthDate)}"));
        Assert.Equal((sex, expiry, optional), (zone.Sex, Iso(zone.ExpiryDate), zone.OptionalData));
    }

    [Theory]
    [InlineData(Zones.Dni, "BAA000589", "2025-01-01")]
    [InlineData(Zones.Dni4, "CAA000000", "2031-06-02")]
    public void Of_a_Spanish_card_the_DNI_is_looked_up_and_not_the_number_of_the_card(string text, string support, string expiry)
    {
        var zone = Read(text);

        Assert.Equal(("99999999R", "99999999R", support), (zone.Number, zone.PersonalNumber, zone.DocumentNumber));
        Assert.Equal(("ID", "ESPANOLA ESPANOLA", "CARMEN"), (zone.DocumentCode, zone.Surname, zone.GivenNames));
        Assert.Equal(("1980-01-01", expiry), (Iso(zone.BirthDate), Iso(zone.ExpiryDate)));
    }

    [Theory]
    [InlineData("ESP", "X1234567L", "X1234567L")]
    [InlineData("ESP", "12345678A", "12345678A")]
    [InlineData("ESP", "", "E00000001")]
    [InlineData("ESP", "ABC", "E00000001")]
    [InlineData("PRT", "12345678Z", "E00000001")]
    public void Only_Spain_has_a_DNI_or_NIE_in_the_optional_data(string state, string optional, string number) =>
        Assert.Equal(number, Read(Zones.MakeCard(state: state, number: "E00000001", optional: optional)).Number);

    [Theory]
    [InlineData(Zones.LongNumber, "D23145890734", "")]
    [InlineData(Zones.BelgianCard, "600001795015", "")]
    [InlineData(Zones.EarlierBelgianCard, "592211692174", "")]
    [InlineData(Zones.PortugueseCard, "007666667ZZ0", "")]
    public void A_card_may_have_a_number_of_more_than_nine_characters(string text, string number, string optional)
    {
        var zone = Read(text);

        Assert.Equal((number, number, optional), (zone.DocumentNumber, zone.Number, zone.OptionalData));
    }

    [Fact]
    public void The_rest_of_the_optional_data_is_kept_beside_a_long_number()
    {
        var digit = Zones.CheckDigit("D23145890734");
        var zone = Read(Zones.MakeCard(firstLineRest: $"D23145890<734{digit}<XY<Z"));

        Assert.Equal(("D23145890734", "XY Z"), (zone.DocumentNumber, zone.OptionalData));
    }

    [Theory]
    [InlineData("D23145890<7348")]
    [InlineData("D23145890<")]
    [InlineData("D23145890<7")]
    [InlineData("D2314589<<7349")]
    [InlineData("D23145890<73456789012345")]
    public void A_long_number_without_its_check_digit_is_refused(string firstLineRest)
    {
        var card = Zones.MakeCard(firstLineRest: firstLineRest);

        Assert.Equal(new ZoneProblem(ZoneProblemKind.WrongCheckDigit, ZoneField.DocumentNumber), Problem(card));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\t")]
    [InlineData("   ")]
    [InlineData(" \u00A0\r\n\r\n")]
    [InlineData("")]
    public void Lines_are_read_however_a_scanner_separates_them(string separator)
    {
        foreach (var text in Zones.All)
        {
            var zone = Read($"\u0002  {text.Replace("\n", separator, StringComparison.Ordinal)}{separator}\u0003");

            Assert.Equal(Read(text).Number, zone.Number);
            Assert.Equal(Read(text).DisplayName, zone.DisplayName);
        }
    }

    [Fact]
    public void Small_letters_are_read_as_capitals() =>
        Assert.All(Zones.All, text => Assert.Equal(Read(text).Number, Read(text.ToLowerInvariant()).Number));

    [Theory]
    [InlineData("12345678Z")]
    [InlineData("PA1234567")]
    [InlineData("Pasaporte n.º XDA123456")]
    [InlineData("IDESPBAA0005895")]
    [InlineData("L898902C36UTO7408122F1204159ZE184226B<<<<<10")]
    [InlineData("<<<<")]
    [InlineData(" \r\n")]
    [InlineData("")]
    public void What_somebody_types_is_no_zone(string text)
    {
        Assert.False(MachineReadableZone.LooksLikeOne(text));
        Assert.Equal(new ZoneProblem(ZoneProblemKind.NotOne), Problem(text));
    }

    [Fact]
    public void Every_zone_looks_like_one() =>
        Assert.All(Zones.All, text => Assert.True(MachineReadableZone.LooksLikeOne($" \r\n{text.ToLowerInvariant()}")));

    [Theory]
    [InlineData("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")]
    [InlineData("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<1")]
    [InlineData("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<100")]
    [InlineData("I<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6")]
    [InlineData("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<D231458907UTO7408122F1204159<<<<<<<6")]
    [InlineData("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L8988901C4XXX4009078F96121096ZE184226B<<<<<<")]
    [InlineData("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10")]
    [InlineData("P<UTOD231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<")]
    public void A_part_of_a_zone_a_visa_and_other_sizes_have_the_wrong_form(string text)
    {
        Assert.True(MachineReadableZone.LooksLikeOne(text));
        Assert.Equal(new ZoneProblem(ZoneProblemKind.WrongForm), Problem(text));
    }

    [Theory]
    [InlineData('<', ';')]
    [InlineData('<', '|')]
    [InlineData('<', '\u00AB')]
    [InlineData('S', '\u0160')]
    [InlineData('S', '\u017F')]
    [InlineData('1', '\u0661')]
    public void A_zone_with_other_characters_is_refused_as_such(char character, char other) =>
        Assert.Equal(new ZoneProblem(ZoneProblemKind.WrongCharacter), Problem(Zones.Passport.Replace(character, other)));

    [Theory]
    [InlineData(Zones.Passport, 0, 1, '1', ZoneField.DocumentCode)]
    [InlineData(Zones.Passport, 0, 4, '0', ZoneField.IssuingState)]
    [InlineData(Zones.Passport, 0, 2, '<', ZoneField.IssuingState)]
    [InlineData(Zones.Passport, 0, 10, '5', ZoneField.Name)]
    [InlineData(Zones.Passport, 1, 12, '0', ZoneField.Nationality)]
    [InlineData(Zones.Passport, 1, 14, 'A', ZoneField.BirthDate)]
    [InlineData(Zones.Passport, 1, 20, 'P', ZoneField.Sex)]
    [InlineData(Zones.Passport, 1, 23, 'O', ZoneField.ExpiryDate)]
    [InlineData(Zones.Card, 2, 0, '3', ZoneField.Name)]
    [InlineData(Zones.Card, 1, 7, '0', ZoneField.Sex)]
    public void A_field_with_a_character_that_it_cannot_have_is_named(string text, int line, int column, char character, ZoneField field) =>
        Assert.Equal(new ZoneProblem(ZoneProblemKind.WrongCharacter, field), Problem(Zones.With(text, line, column, character)));

    [Fact]
    public void A_document_without_a_number_is_refused() =>
        Assert.Equal(
            new ZoneProblem(ZoneProblemKind.WrongCharacter, ZoneField.DocumentNumber),
            Problem(Zones.MakeCard(firstLineRest: "<<<<<<<<<0")));

    [Fact]
    public void Logging_a_zone_shows_no_personal_data() =>
        Assert.DoesNotContain("ERIKSSON", Read(Zones.Passport).ToString(), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void What_is_in_the_fields_is_what_is_read()
    {
        var random = new Random(20_260_103);
        for (var i = 0; i < 5_000; i++)
        {
            var (number, optional) = (Zones.Random(random, 1, 9), Zones.Random(random, 1, 14));
            var passport = Read(Zones.MakePassport(number: number, optional: optional));
            var card = Read(Zones.MakeCard(number: number, optional: optional));

            Assert.Equal((number, optional), (passport.Number, passport.OptionalData));
            Assert.Equal((number, optional), (card.Number, card.OptionalData));

            var longNumber = number.PadRight(9, '7') + Zones.Random(random, 1, 13);
            var longCard = Read(Zones.MakeCard(firstLineRest: $"{longNumber[..9]}<{longNumber[9..]}{Zones.CheckDigit(longNumber)}"));
            Assert.Equal(longNumber, longCard.Number);
        }
    }

    [Fact]
    public void Nothing_that_a_scanner_sends_throws()
    {
        var random = new Random(20_260_104);
        var specimens = Zones.All.ToArray();
        for (var i = 0; i < 100_000; i++)
        {
            var text = (i % 4) switch
            {
                // Anything at all, including halves of surrogate pairs.
                0 => string.Create(random.Next(200), random, static (span, chars) =>
                {
                    foreach (ref var character in span)
                    {
                        character = (char)chars.Next(char.MaxValue + 1);
                    }
                }),
                // The length and characters of a zone.
                1 => "PIACV"[random.Next(5)] + Zones.Random(random, random.Next(2) == 0 ? 87 : 89, characters: Zones.Characters),
                // Correct check digits for fields with arbitrary contents.
                2 => Zones.Any(random),
                // A zone with a few characters replaced, removed or added.
                _ => Damage(random, specimens[random.Next(specimens.Length)]),
            };

            var today = DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber + 1));
            var read = MachineReadableZone.TryRead(text, today, out var zone, out var problem);
            Assert.Equal((read, read), (zone is not null, problem is null));
            Assert.True(zone is null || zone.Number.Length > 0);
            _ = zone?.DisplayName;
            _ = DocumentNumber.Normalise(text);
            _ = SpanishNumber.HasRightLetter(text);
            _ = SpanishNumber.LetterOf(text);
        }

        static string Damage(Random random, string text)
        {
            for (var i = random.Next(4); i > 0; i--)
            {
                var at = random.Next(text.Length);
                var character = (char)random.Next(random.Next(2) == 0 ? 128 : char.MaxValue + 1);
                text = random.Next(3) switch
                {
                    0 => text.Remove(at, 1),
                    1 => text.Insert(at, character.ToString()),
                    _ => text[..at] + character + text[(at + 1)..],
                };
            }

            return text;
        }
    }

    [Theory]
    [InlineData("P")]
    [InlineData("P<")]
    [InlineData("I ")]
    public void Absurdly_long_text_is_no_zone(string repeated) =>
        Assert.False(MachineReadableZone.TryRead(string.Concat(Enumerable.Repeat(repeated, 1_000_000)), Today, out _, out _));
}
