using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Promethoide.ServiceDefaults;

namespace Promethoide.Tests.ServiceDefaults;

/// <summary>How a service drains its clients before it stops.</summary>
public sealed class DrainingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_is_told_to_stop_serves_on_and_says_so_until_its_time_is_over()
    {
        await using var service = await StartAsync("3");
        var address = new Uri(service.Urls.First());
        using var http = new HttpClient { BaseAddress = address };
        using (var before = await http.GetAsync(ServiceUnderTest.Page, Cancellation))
        {
            Assert.Null(before.Headers.ConnectionClose);
        }

        var clock = Stopwatch.StartNew();
        var stop = service.StopAsync(Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(0.5), Cancellation);

        using (var answer = await http.GetAsync(ServiceUnderTest.Page, Cancellation))
        {
            Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.ConnectionClose));
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/health", Cancellation)).StatusCode);
        // It is alive: an orchestrator must not restart it.
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/alive", Cancellation)).StatusCode);
        await stop;
        Assert.InRange(clock.Elapsed.TotalSeconds, 2.9, 60);
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(ServiceUnderTest.Page, Cancellation));
    }

    [Fact]
    public async Task Without_the_setting_a_service_stops_at_once()
    {
        await using var service = await StartAsync("");
        var clock = Stopwatch.StartNew();

        await service.StopAsync(Cancellation);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public async Task A_service_that_is_not_warm_yet_serves_and_says_so()
    {
        var warmUp = new SlowWarmUp();
        await using var service = await ServiceUnderTest.StartAsync(
            "Shutdown:DrainSeconds", "", services => services.AddSingleton<IWarmUp>(warmUp));
        using var http = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };

        using (var cold = await http.GetAsync(ServiceUnderTest.Page, Cancellation))
        {
            Assert.Equal((HttpStatusCode.OK, true), (cold.StatusCode, cold.Headers.ConnectionClose));
        }

        warmUp.IsWarm = true;
        using var warm = await http.GetAsync(ServiceUnderTest.Page, Cancellation);
        Assert.Null(warm.Headers.ConnectionClose);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("61")]
    [InlineData("5s")]
    public async Task A_time_that_is_none_is_refused_at_the_start(string seconds)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(seconds));

        Assert.Equal($"Shutdown:DrainSeconds is '{seconds}'; it has to be a whole number of seconds from 0 to 60.", refused.Message);
    }

    private static Task<WebApplication> StartAsync(string seconds) => ServiceUnderTest.StartAsync("Shutdown:DrainSeconds", seconds);

    private sealed class SlowWarmUp : IWarmUp
    {
        public bool IsWarm { get; set; }
    }
}
