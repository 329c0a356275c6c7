using System.Globalization;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>The summary of a day.</summary>
[Collection("Api")]
public sealed class SummaryTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Decisions_are_counted_by_hour_flight_and_reason_and_nothing_outside_the_time_counts()
    {
        await fixture.Database.ChangeAsync(
            """
            INSERT INTO immigration (name, dni, lodging, declared_money, flight_number, arrival_date, created_at) VALUES
                ('A', 'SUM1', 'L', 1, 'AA123', '2020-01-01', '2020-01-01 22:59Z'),
                ('A', 'SUM2', 'L', 1, 'AA123', '2020-01-02', '2020-01-01 23:00Z'),
                ('A', 'SUM3', 'L', 1, 'AA123', '2020-01-02', '2020-01-02 00:10Z'),
                ('A', 'SUM4', 'L', 1, 'BA456', '2020-01-02', '2020-01-02 10:40Z'),
                ('A', 'SUM5', 'L', 1, 'BA456', '2020-01-02', '2020-01-02 23:00Z');
            INSERT INTO immigration (
                name, dni, lodging, declared_money, flight_number, arrival_date, created_at, annulled_at, annulled_by, annulment_reason)
                VALUES ('A', 'SUM9', 'L', 1, 'BA456', '2020-01-02', '2020-01-02 11:00Z', now(), 'supervisor', 'Typed twice');
            INSERT INTO refusals (name, dni, declared_money, flight_number, arrival_date, reason, created_at) VALUES
                ('A', 'SUM4', 1, 'BA456', '2020-01-02', 'insufficient-money', '2020-01-02 10:30Z'),
                ('A', 'SUM4', 1, 'BA456', '2020-01-02', 'lodging-required', '2020-01-02 10:35Z'),
                ('A', 'SUM6', 1, 'BA456', '2020-01-02', 'lodging-required', '2020-01-02 12:00Z'),
                ('A', 'SUM7', 1, 'NONE9', NULL, 'flight-not-found', '2020-01-02 12:30Z');
            INSERT INTO hits (dni, decision, at) VALUES ('SUM8', false, '2020-01-02 08:00Z'), ('SUM8', false, '2020-01-03 08:00Z');
            """);

        var summary = (await fixture.Api.GetAsync("/summary?from=2020-01-01T23:00:00Z&until=2020-01-02T23:00:00Z")).Json;

        // SUM2, SUM3, SUM4, SUM6, SUM7 and SUM9; SUM9's entry is annulled.
        Assert.Equal((6, 1), (summary.GetProperty("travellers").GetInt32(), summary.GetProperty("annulled").GetInt32()));
        Assert.Equal(
            (3, 4, 2, 1),
            (
                summary.GetProperty("admitted").GetInt32(),
                summary.GetProperty("refused").GetInt32(),
                summary.GetProperty("admitted_later").GetInt32(),
                summary.GetProperty("hits").GetInt32()));
        Assert.Equal(
            ["23:00 1 0", "00:00 1 0", "10:00 1 2", "12:00 0 2"],
            summary.GetProperty("hours").EnumerateArray().Select(hour => string.Create(
                CultureInfo.InvariantCulture,
                $"{hour.GetProperty("from").GetDateTime():HH:mm} {hour.GetProperty("admitted").GetInt32()} "
                + $"{hour.GetProperty("refused").GetInt32()}")));
        Assert.Equal(
            ["BA456 2020-01-02 1 3", "AA123 2020-01-02 2 0", "NONE9  0 1"],
            summary.GetProperty("flights").EnumerateArray().Select(flight =>
                $"{flight.GetProperty("flight_number").GetString()} {flight.GetProperty("arrival_date").GetString()} "
                + $"{flight.GetProperty("admitted").GetInt32()} {flight.GetProperty("refused").GetInt32()}"));
        Assert.Equal(("lodging-required", 2), (
            summary.GetProperty("reasons")[0].GetProperty("reason").GetString(),
            summary.GetProperty("reasons")[0].GetProperty("count").GetInt32()));
    }

    [Theory]
    [InlineData("", "from")]
    [InlineData("from=today", "from")]
    [InlineData("from=2020-01-01T00:00:00Z", "until")]
    [InlineData("from=2020-01-01T00:00:00Z&until=2020-01-01T00:00:00Z", "until")]
    [InlineData("from=2020-01-01T00:00:00Z&until=2020-01-08T00:00:01Z", "until")]
    public async Task What_is_no_time_or_too_long_a_one_is_told(string query, string field) =>
        (await fixture.Api.GetAsync($"/summary?{query}")).NamesFields(field);
}
