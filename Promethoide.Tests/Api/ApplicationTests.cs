using Promethoide.Api.Immigration;

namespace Promethoide.Tests.Api;

public sealed class ApplicationTests
{
    private static readonly ImmigrationOptions Rules = new() { MinimumMoney = 500, MinimumMoneyPerDay = 100 };

    [Theory]
    [InlineData(1, 500)]
    [InlineData(5, 500)]
    [InlineData(6, 600)]
    [InlineData(365, 36_500)]
    public void A_stay_requires_the_minimum_or_so_much_per_day_whichever_is_more(int days, int required) =>
        Assert.Equal(required, Rules.RequiredMoney(days));

    [Fact]
    public void By_default_any_stay_requires_500() => Assert.Equal(500, new ImmigrationOptions().RequiredMoney(365));

    [Fact]
    public void Enough_money_and_a_lodging_leave_nothing_to_refuse() => Assert.Null(Traveller("Hotel", 500).RefusalReason(Rules));

    [Fact]
    public void One_cent_too_little_is_a_shortcoming() =>
        Assert.Equal(RefusalReasons.InsufficientMoney, Traveller("Hotel", 499.99m).RefusalReason(Rules));

    [Fact]
    public void A_missing_lodging_comes_before_missing_money() =>
        Assert.Equal(RefusalReasons.LodgingRequired, Traveller(null, 0).RefusalReason(Rules));

    [Fact]
    public void A_request_becomes_an_application_trimmed_and_normalised()
    {
        var request = new EntryRequest
        {
            Name = " Ana María O'Neill ",
            Dni = "1.a",
            FlightNumber = "aa 1",
            Lodging = " ",
            DeclaredMoney = 7,
        };

        var application = request.ToApplication(DateTime.UnixEpoch, "ada");

        Assert.Equal(new Application("Ana María O'Neill", "1A", "AA1", null, null, 7, 1, DateTime.UnixEpoch, "ada"), application);
    }

    private static Application Traveller(string? lodging, decimal money) =>
        new("Ana", "1", "AA123", null, lodging, money, 1, DateTime.UnixEpoch, Officer: null);
}
