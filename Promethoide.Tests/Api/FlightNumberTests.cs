using Promethoide.Api.Flights;

namespace Promethoide.Tests.Api;

public sealed class FlightNumberTests
{
    [Theory]
    [InlineData("AA123", "AA123")]
    [InlineData(" aa 123 ", "AA123")]
    [InlineData("aa-123", "AA-123")]
    public void A_flight_number_is_upper_cased_and_freed_of_spaces(string typed, string number) =>
        Assert.Equal(number, FlightNumber.Normalise(typed));

    [Theory]
    [InlineData("A", true)]
    [InlineData("AA12345678", true)]
    [InlineData("", false)]
    [InlineData("AA123456789", false)]
    [InlineData("AA-123", false)]
    [InlineData("AA_123", false)]
    public void A_flight_has_a_number_of_1_to_10_ASCII_letters_or_digits(string number, bool valid) =>
        Assert.Equal(valid, FlightNumber.IsValid(number));
}
