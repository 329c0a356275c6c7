using Promethoide.Documents;

namespace Promethoide.Tests.Documents;

public sealed class SpanishNumberTests
{
    [Theory]
    [InlineData("12345678Z", true)]
    [InlineData("00000000T", true)]
    [InlineData("00000001R", true)]
    [InlineData("99999999R", true)]
    [InlineData("X1234567L", true)]
    [InlineData("Y1234567X", true)]
    [InlineData("Z1234567R", true)]
    [InlineData("X0000000T", true)]
    [InlineData("12345678A", false)]
    [InlineData("12345678I", false)]
    [InlineData("12345679Z", false)]
    [InlineData("21345678Z", false)]
    [InlineData("Y1234567L", false)]
    public void The_letter_of_a_DNI_or_NIE_belongs_to_its_digits(string number, bool right) =>
        Assert.Equal(right, SpanishNumber.HasRightLetter(number));

    [Theory]
    [InlineData("")]
    [InlineData("12345678")]
    [InlineData("1234567L")]
    [InlineData("123456789")]
    [InlineData("12345678ZZ")]
    [InlineData("W1234567L")]
    [InlineData("XX234567L")]
    [InlineData("XDA123456")]
    [InlineData("12345678z")]
    [InlineData("12345678Ñ")]
    [InlineData("1234567٨Z")]
    public void A_number_of_another_shape_has_no_such_letter(string number) => Assert.Null(SpanishNumber.HasRightLetter(number));

    [Theory]
    [InlineData("12345678", 'Z')]
    [InlineData("00000023", 'T')]
    [InlineData("X1234567", 'L')]
    [InlineData("Z1234567", 'R')]
    [InlineData("1234567", null)]
    [InlineData("12345678Z", null)]
    [InlineData("1X234567", null)]
    [InlineData("", null)]
    public void A_missing_letter_can_be_found(string digits, char? letter) => Assert.Equal(letter, SpanishNumber.LetterOf(digits));

    [Fact]
    public void Each_remainder_has_its_letter() =>
        Assert.Equal(
            "TRWAGMYFPDXBNJZSQVHLCKE", string.Concat(Enumerable.Range(0, 23).Select(number => SpanishNumber.LetterOf($"{number:D8}"))));

    [Fact]
    public void Every_single_wrong_digit_and_every_two_exchanged_digits_are_noticed()
    {
        var random = new Random(20_260_101);
        for (var i = 0; i < 2_000; i++)
        {
            var digits = random.Next(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
            var letter = SpanishNumber.LetterOf(digits);
            for (var at = 0; at < digits.Length; at++)
            {
                foreach (var other in "0123456789".Where(other => other != digits[at]))
                {
                    Assert.False(SpanishNumber.HasRightLetter(digits[..at] + other + digits[(at + 1)..] + letter));
                }

                if (at > 0 && digits[at] != digits[at - 1])
                {
                    var exchanged = digits[..(at - 1)] + digits[at] + digits[at - 1] + digits[(at + 1)..];
                    Assert.False(SpanishNumber.HasRightLetter(exchanged + letter));
                }
            }
        }
    }
}
