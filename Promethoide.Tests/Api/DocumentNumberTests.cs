using Promethoide.Api.Interpol;

namespace Promethoide.Tests.Api;

public sealed class DocumentNumberTests
{
    [Theory]
    [InlineData("12345678A", "12345678A")]
    [InlineData("  12.345.678-a ", "12345678A")]
    [InlineData("12 345\t678\u00A0a", "12345678A")]
    [InlineData("12\u2013345\u2014678\u2010a", "12345678A")]
    [InlineData("invalid_dni1", "INVALID_DNI1")]
    [InlineData(".-. ", "")]
    public void A_document_number_is_upper_cased_and_freed_of_dots_dashes_and_spaces(string typed, string number) =>
        Assert.Equal(number, DocumentNumber.Normalise(typed));

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

    [Fact]
    public void Absurdly_long_input_is_no_document_number_however_much_of_it_is_punctuation() =>
        Assert.False(DocumentNumber.CanBeLookedUp(DocumentNumber.Normalise("A" + new string('.', 100_000))));
}
