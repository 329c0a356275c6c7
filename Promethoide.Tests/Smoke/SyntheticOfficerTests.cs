using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Promethoide.Smoke;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Smoke;

/// <summary>What the synthetic officer calls a failure, in front of a network that answers whatever a test wants.</summary>
public sealed class SyntheticOfficerTests
{
    private static readonly Dictionary<string, (int Status, string Body)> AsEver = new()
    {
        ["/"] = (200, "<form method=\"post\">"),
        ["/api/dni/SMOKE0001"] = (404, """{"code":"dni-not-found"}"""),
        ["/api/flights/AA123"] = (200, """{"message":"Flight found"}"""),
        ["/api/immigration"] = (201, """{"message":"Test passed"}"""),
    };

    [Fact]
    public async Task Every_step_works_when_each_answer_is_as_ever()
    {
        var run = await WalkAsync(AsEver);

        Assert.True(run.Success);
        Assert.Equal(SyntheticOfficer.StepNames, run.Steps.Select(step => step.Name));
        Assert.All(run.Steps, step => Assert.InRange(step.Seconds, 0, 10));
    }

    [Theory]
    [InlineData("/", 503, "", "desk", "status 503 instead of 200")]
    [InlineData("/", 200, "It works!", "desk", "another answer")]
    [InlineData("/api/dni/SMOKE0001", 200, """{"code":"dni-not-found"}""", "look-up", "status 200 instead of 404")]
    [InlineData("/api/dni/SMOKE0001", 404, """{"code":"not-found"}""", "look-up", "another answer")]
    [InlineData("/api/dni/SMOKE0001", 404, "<html>Not Found</html>", "look-up", "another answer")]
    [InlineData("/api/flights/AA123", 404, """{"code":"flight-not-found"}""", "flight", "status 404 instead of 200")]
    [InlineData("/api/flights/AA123", 200, "[]", "flight", "another answer")]
    [InlineData("/api/immigration", 500, "", "entry", "status 500 instead of 201")]
    [InlineData("/api/immigration", 201, """{"message":"Immigration entry created successfully"}""", "entry", "another answer")]
    public async Task A_step_fails_alone_and_says_why(string path, int status, string body, string step, string why)
    {
        var run = await WalkAsync(new(AsEver) { [path] = (status, body) });

        Assert.False(run.Success);
        var failed = Assert.Single(run.Steps, walked => !walked.Success);
        Assert.Equal(step, failed.Name);
        Assert.Contains(why, failed.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_fails_every_step()
    {
        using var officer = Officer($"http://127.0.0.1:{Loopback.FreePort()}");

        var run = await officer.WalkAsync(TestContext.Current.CancellationToken);

        Assert.All(run.Steps, step => Assert.False(step.Success));
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_none()
    {
        var run = await WalkAsync(new(AsEver) { ["/api/flights/AA123"] = (0, "") }, stepTimeout: TimeSpan.FromSeconds(0.5));

        Assert.Equal("no answer within 0.5 s", Assert.Single(run.Steps, step => !step.Success).Failure);
    }

    private static SyntheticOfficer Officer(string target, TimeSpan? stepTimeout = null) => new(
        Options.Create(new SmokeOptions { Target = new Uri(target), StepTimeout = stepTimeout ?? TimeSpan.FromSeconds(30) }), TimeProvider.System);

    private static async Task<Run> WalkAsync(Dictionary<string, (int Status, string Body)> answers, TimeSpan? stepTimeout = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var front = builder.Build();
        front.Run(async context =>
        {
            var (status, body) = answers[context.Request.Path];
            if (status == 0)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
        await front.StartAsync(TestContext.Current.CancellationToken);

        var address = front.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var officer = Officer(address, stepTimeout);
        return await officer.WalkAsync(TestContext.Current.CancellationToken);
    }
}
