using System.Globalization;
using Promethoide.Documents;

namespace Promethoide.Tests.Documents;

public sealed class DocumentNumberTests
{
    [Theory]
    [InlineData("12345678A", "12345678A")]
    [InlineData("  12.345.678-a ", "12345678A")]
    [InlineData("12 345\t678\u00A0a", "12345678A")]
    [InlineData("12\u2013345\u2014678\u2010a", "12345678A")]
    [InlineData("x\u22121234567\u2011l", "X1234567L")]
    [InlineData("invalid_dni1", "INVALID_DNI1")]
    [InlineData("ab\r\n123456\u2028", "AB123456")]
    [InlineData(".-. ", "")]
    [InlineData("", "")]
    public void A_number_is_upper_cased_and_freed_of_dots_dashes_and_spaces(string typed, string number) =>
        Assert.Equal(number, DocumentNumber.Normalise(typed));

    [Fact]
    public void All_dashes_of_Unicode_are_dropped()
    {
        var dashes = Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code)
            .Where(character => char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation).ToList();

        Assert.Contains('\u2015', dashes);
        Assert.All(dashes, dash => Assert.Equal("AB123", DocumentNumber.Normalise($"ab{dash}123{dash}")));
    }

    [Theory]
    [InlineData("DNI 12345678Z")]
    [InlineData("dni: 12.345.678-Z")]
    [InlineData("DNI12345678Z")]
    [InlineData("DNI-12345678-Z")]
    [InlineData("D.N.I. 12345678Z")]
    [InlineData("D. N. I. 12345678 Z")]
    [InlineData("D.N.I.: 12345678Z")]
    [InlineData("NIF 12345678Z")]
    [InlineData("N.I.F.12345678Z")]
    [InlineData("DNI/NIF: 12345678Z")]
    [InlineData("DNI n.º 12345678Z")]
    [InlineData("DNI número 12345678Z")]
    [InlineData("DNI núm. 12345678Z")]
    [InlineData("Nº 12345678Z")]
    [InlineData("Nº12345678Z")]
    [InlineData("N.º 12345678Z")]
    [InlineData("n° 12345678Z")]
    [InlineData("No. 12345678Z")]
    [InlineData("No 12345678Z")]
    [InlineData("ID 12345678Z")]
    [InlineData("ID:12345678Z")]
    [InlineData("Documento: 12345678Z")]
    [InlineData("Documento 12345678Z")]
    [InlineData("Documento12345678Z")]
    [InlineData("\u2013 DNI: 12345678Z")]
    public void A_DNI_is_freed_of_its_label(string typed) => Assert.Equal("12345678Z", DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("NIE X1234567L")]
    [InlineData("NIE: X-1234567-L")]
    [InlineData("NIEX1234567L")]
    [InlineData("N.I.E. X1234567L")]
    [InlineData("n.i.e.x1234567l")]
    [InlineData("DNI/NIE: X1234567L")]
    public void A_NIE_is_freed_of_its_label(string typed) => Assert.Equal("X1234567L", DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("Pasaporte XDA123456")]
    [InlineData("Pasaporte: XDA123456")]
    [InlineData("Pasaporte n.º XDA123456")]
    [InlineData("Pasaporte Nº XDA123456")]
    [InlineData("PASAPORTE. XDA123456")]
    [InlineData("Passport XDA123456")]
    [InlineData("Passport No. XDA123456")]
    [InlineData("passport no.: xda 123456")]
    [InlineData("Passport No XDA123456")]
    [InlineData("Passport number: XDA123456")]
    [InlineData("Document XDA123456")]
    [InlineData("ID XDA123456")]
    public void A_passport_number_is_freed_of_its_label(string typed) => Assert.Equal("XDA123456", DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("Passport12345", "12345")]
    [InlineData("Passport No 1234567", "1234567")]
    [InlineData("No. 1234567", "1234567")]
    [InlineData("ID: 1234567", "1234567")]
    [InlineData("DNI: 123456", "123456")]
    [InlineData("D.N.I. 123456", "123456")]
    [InlineData("DNI 1234567", "1234567")]
    [InlineData("DNI12345678", "12345678")]
    [InlineData("Passport DNI12345678Z", "12345678Z")]
    [InlineData("D NI12345678Z", "12345678Z")]
    public void A_label_is_taken_away_when_it_must_be_one(string typed, string number) =>
        Assert.Equal(number, DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("NO1234567", "NO1234567")]
    [InlineData("NO 1234567", "NO1234567")]
    [InlineData("NO-1234567", "NO1234567")]
    [InlineData("NO123456789", "NO123456789")]
    [InlineData("Passport NO1234567", "NO1234567")]
    [InlineData("ID1234567", "ID1234567")]
    [InlineData("ID 1234567", "ID1234567")]
    [InlineData("ID.1234567", "ID1234567")]
    [InlineData("ID12345678Z", "ID12345678Z")]
    [InlineData("N1234567", "N1234567")]
    [InlineData("N 123456789", "N123456789")]
    [InlineData("N.1234567", "N1234567")]
    [InlineData("NUM123456", "NUM123456")]
    [InlineData("NIE123456", "NIE123456")]
    [InlineData("NIEX123456", "NIEX123456")]
    [InlineData("NIEXA1234567", "NIEXA1234567")]
    [InlineData("NIF1234567", "NIF1234567")]
    public void Letters_that_may_belong_to_the_number_stay(string typed, string number) =>
        Assert.Equal(number, DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("DNI 123456", "DNI123456")]
    [InlineData("NIE 123456", "NIE123456")]
    [InlineData("DNI123456", "DNI123456")]
    public void A_Polish_card_keeps_its_series(string typed, string number) => Assert.Equal(number, DocumentNumber.Normalise(typed));

    [Theory]
    [InlineData("DNI", "DNI")]
    [InlineData("Passport", "PASSPORT")]
    [InlineData("Passport 1234", "PASSPORT1234")]
    [InlineData("ID: 1234", "ID:1234")]
    [InlineData("Pasaporte ABCDEFG", "PASAPORTEABCDEFG")]
    [InlineData("PasaporteXDA123456", "PASAPORTEXDA123456")]
    [InlineData("Documentos 12345678Z", "DOCUMENTOS12345678Z")]
    [InlineData("NORTE 12345678Z", "NORTE12345678Z")]
    public void What_is_no_label_before_a_number_stays(string typed, string number) =>
        Assert.Equal(number, DocumentNumber.Normalise(typed));

    [Fact]
    public void To_normalise_again_changes_nothing()
    {
        string[] parts =
        [
            "DNI", "D.N.I.", "nie", "N.I.E.", "NIF", "Pasaporte", "passport", "n.º", "Nº", "No.", "no", "Document", "documento", "ID",
            "Número", "num", "N", "P", "ASS", "PORT", "D", "I", "X", "Y", "Z", "1", "12", "123456", "1234567", "12345678", "A", "Ñ",
            "_", ":", "º", ".", "-", "/", " ", "\t", "\u2212", "\u00DF", "\u0131", "\u0345",
        ];
        var random = new Random(20_260_102);
        for (var i = 0; i < 200_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            var once = DocumentNumber.Normalise(text);
            if (DocumentNumber.Normalise(once) != once)
            {
                Assert.Fail($"'{text}' becomes '{once}', and that '{DocumentNumber.Normalise(once)}'.");
            }
        }
    }

    [Fact]
    public void The_language_of_the_process_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.Equal("12345678I", DocumentNumber.Normalise("dni: 12345678i"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("A", true)]
    [InlineData("123456789012345", true)]
    [InlineData("", false)]
    [InlineData("1234567890123456", false)]
    [InlineData("A_1", false)]
    [InlineData("Ñ1", false)]
    [InlineData("١٢٣", false)]
    [InlineData("A'1", false)]
    public void A_traveller_has_a_number_of_1_to_15_ASCII_letters_or_digits(string number, bool valid) =>
        Assert.Equal(valid, DocumentNumber.IsValid(number));

    [Theory]
    [InlineData("INVALID_DNI1", true)]
    [InlineData("1234567890", true)]
    [InlineData("", false)]
    [InlineData("1234567890123456", false)]
    [InlineData("A/1", false)]
    [InlineData("Ñ1", false)]
    public void A_look_up_takes_an_underscore_as_well(string number, bool possible) =>
        Assert.Equal(possible, DocumentNumber.CanBeLookedUp(number));

    [Theory]
    [InlineData("A", ".")]
    [InlineData("", "DNI ")]
    [InlineData("", "D. ")]
    [InlineData("No", ":")]
    public void Absurdly_long_input_is_no_number(string begin, string repeated) =>
        Assert.Equal("", DocumentNumber.Normalise(begin + string.Concat(Enumerable.Repeat(repeated, 100_000)) + "12345678Z"));
}
