using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The time zone of the times shown to officers.</summary>
public sealed class TimeZoneTests
{
    [Theory]
    [InlineData("Europe/Madrid", "24 nov 2026, 10:30 UTC+1")]
    [InlineData("America/Caracas", "24 nov 2026, 05:30 UTC−4")]
    [InlineData(":Asia/Kolkata", "24 nov 2026, 15:00 UTC+5:30")]
    [InlineData("America/St_Johns", "24 nov 2026, 06:00 UTC−3:30")]
    [InlineData("/usr/share/zoneinfo/UTC", "24 nov 2026, 09:30 UTC")]
    public async Task Times_are_those_of_the_zone_that_is_set_and_say_which(string zone, string shown)
    {
        await using var api = await StubApi.StartAsync();
        await using var web = await RunningDesk.StartAsync([api.Address], settings: new Dictionary<string, string> { ["TZ"] = zone });
        using var officer = await web.SignedInAsync(StubApi.Supervisor);
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));

        await officer.OpenAsync("/hits");

        Assert.Contains($">{shown}<", WebUtility.HtmlDecode(officer.Page), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Europe/Barcelona")]
    [InlineData("/etc/no-such-zone")]
    public async Task A_zone_that_there_is_not_ends_the_start_in_words(string zone)
    {
        var result = await Tool.RunAsync(
            "dotnet", [Repository.Assembly("Promethoide.Web")], [new("TZ", zone), new("ASPNETCORE_URLS", "http://127.0.0.1:0")]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"TZ is '{zone}', and there is no such time zone.", result.Error, StringComparison.Ordinal);
    }
}
