using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The desk in front of several APIs, one of which is down.</summary>
public sealed class ReplicatedApiTests
{
    // A reserved address (RFC 5737): it never responds, or the network reports it as unreachable.
    private const string Nowhere = "http://192.0.2.1:8080";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_could_not_be_sent_to_one_goes_to_the_next_and_is_done_once(bool refuses)
    {
        await using var api = await StubApi.StartAsync();
        await using var web = await RunningDesk.StartAsync([refuses ? $"http://127.0.0.1:{Loopback.FreePort()}" : Nowhere, api.Address]);

        for (var i = 1; i <= 4; i++)
        {
            using var officer = await web.SignedInAsync(StubApi.Officer);
            await officer.OpenAsync();
            await officer.ToStayAsync($"R{i}");
            await officer.DecideAsync();
            Assert.Equal(("admitted", $"{i}"), (officer.Outcome, officer.Entry));
        }

        Assert.Equal(4, api.Requests.Count(request => request == "POST /immigration"));
    }
}
