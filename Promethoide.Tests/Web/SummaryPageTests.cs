namespace Promethoide.Tests.Web;

/// <summary>A day in numbers.</summary>
public sealed class SummaryPageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Theory]
    [InlineData("es", "Medios económicos insuficientes", "admitidos después: 1")]
    [InlineData("en", "Insufficient funds", "admitted later: 1")]
    public async Task A_day_is_shown_by_hour_flight_and_reason_with_who_is_signed_in(string language, string reason, string later)
    {
        using var supervisor = await desk.SupervisorAsync(language);
        await (await (await supervisor.OpenAsync()).ToStayAsync($"SUMMARY{language}")).DecideAsync(money: "1");

        await supervisor.OpenAsync($"/summary?day={StubApi.Day}");

        Assert.All(
            (string[])[StubApi.Flight, StubApi.Supervisor, later],
            text => Assert.Contains(text, supervisor.Text, StringComparison.Ordinal));
        Assert.Contains(reason, supervisor.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"href=\"/hits?day={StubApi.Day}\"", supervisor.Page, StringComparison.Ordinal);
        await supervisor.SwitchLanguageAsync(language == "es" ? "en" : "es");
        Assert.Equal($"/summary?day={StubApi.Day}", supervisor.Path);
    }

    [Fact]
    public async Task A_day_without_decisions_and_one_that_is_none_are_said()
    {
        using var supervisor = await desk.SupervisorAsync("en");

        Assert.Contains("id=\"empty\"", (await supervisor.OpenAsync("/summary?day=2020-01-01")).Page, StringComparison.Ordinal);
        Assert.Contains("id=\"day-error\"", (await supervisor.OpenAsync("/summary?day=24/11/2026")).Page, StringComparison.Ordinal);
        Assert.Equal("24/11/2026", supervisor.Searched("day"));
    }
}
