using System.Globalization;
using Promethoide.Documents;
using static Promethoide.Tests.Documents.ZoneReading;

namespace Promethoide.Tests.Documents;

/// <summary>The century of two-digit years, and unknown dates.</summary>
public sealed class ZoneDateTests
{
    [Theory]
    [InlineData("260101", "2026-01-01")]
    [InlineData("261130", "2026-11-30")]
    [InlineData("261201", "1926-12-01")]
    [InlineData("270101", "1927-01-01")]
    [InlineData("000229", "2000-02-29")]
    [InlineData("040229", "2004-02-29")]
    [InlineData("280229", "1928-02-29")]
    public void A_birth_is_never_in_the_future(string field, string date) =>
        Assert.Equal(date, Iso(Read(Zones.MakeCard(birth: field)).BirthDate));

    [Theory]
    [InlineData("<<<<<<")]
    [InlineData("<<0812")]
    [InlineData("64<<<<")]
    [InlineData("6408<<")]
    [InlineData("640000")]
    [InlineData("640012")]
    [InlineData("640800")]
    [InlineData("641301")]
    [InlineData("640431")]
    [InlineData("270229")]
    public void A_birth_of_which_a_part_is_unknown_has_no_date(string field)
    {
        Assert.Null(Read(Zones.MakeCard(birth: field)).BirthDate);
        Assert.Null(Read(Zones.MakePassport(birth: field)).BirthDate);
    }

    [Fact]
    public void A_leap_day_is_in_a_leap_year_of_the_century_or_nowhere()
    {
        var card = Zones.MakeCard(birth: "000229", expiry: "000229");

        Assert.True(MachineReadableZone.TryRead(card, new(2000, 1, 15), out var soon, out _));
        Assert.Equal((null, "2000-02-29"), (soon.BirthDate, Iso(soon.ExpiryDate)));
        Assert.True(MachineReadableZone.TryRead(card, new(2099, 1, 15), out var later, out _));
        Assert.Equal(("2000-02-29", null), (Iso(later.BirthDate), later.ExpiryDate));
    }

    [Theory]
    [InlineData("261129", "2026-11-29")]
    [InlineData("761130", "2076-11-30")]
    [InlineData("761201", "1976-12-01")]
    [InlineData("990101", "1999-01-01")]
    [InlineData("<<<<<<", null)]
    [InlineData("300230", null)]
    public void An_expiry_is_within_50_years(string field, string? date) =>
        Assert.Equal(date, Iso(Read(Zones.MakeCard(expiry: field)).ExpiryDate));

    [Fact]
    public void A_Spanish_card_for_life_expires_on_the_first_of_January_9999()
    {
        Assert.Equal(new DateOnly(9999, 1, 1), Read(Zones.MakeCard(state: "ESP", expiry: "990101")).ExpiryDate);
        Assert.Equal(new DateOnly(1999, 1, 2), Read(Zones.MakeCard(state: "ESP", expiry: "990102")).ExpiryDate);
    }

    [Theory]
    [InlineData("0001-01-01")]
    [InlineData("0050-02-28")]
    [InlineData("2024-02-29")]
    [InlineData("9999-12-31")]
    public void A_clock_that_is_wrong_does_no_harm(string today) =>
        Assert.All(Zones.All, text =>
        {
            Assert.True(MachineReadableZone.TryRead(text, DateOnly.Parse(today, CultureInfo.InvariantCulture), out var zone, out _));
            Assert.Equal(Read(text).Number, zone.Number);
        });
}
