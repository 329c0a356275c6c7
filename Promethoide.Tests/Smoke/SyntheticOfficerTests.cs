using System.Collections.Concurrent;
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

/// <summary>What the synthetic officer counts as a failure, against a network that returns whatever a test wants.</summary>
public sealed class SyntheticOfficerTests
{
    private const string Key = "pmk_smoke-test";
    private const string SignInPage = """<form method="post"><input name="user_name"><input name="password" type="password"></form>""";

    // For a redirect, the body is its target.
    private static readonly Dictionary<string, (int Status, string Body)> AsEver = new()
    {
        ["/"] = (302, "/sign-in?returnUrl=%2F"),
        ["/sign-in"] = (200, SignInPage),
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
    [InlineData("/", 200, "<form><input name=\"dni\"></form>", "desk", "another answer")]
    [InlineData("/", 302, "/", "desk", "status 302 instead of 200")]
    [InlineData("/", 302, "http://elsewhere.example/sign-in", "desk", "status 302 instead of 200")]
    [InlineData("/sign-in", 503, "", "desk", "status 503 instead of 200")]
    [InlineData("/sign-in", 200, "<form></form>", "desk", "another answer")]
    [InlineData("/api/dni/SMOKE0001", 200, """{"code":"dni-not-found"}""", "look-up", "status 200 instead of 404")]
    [InlineData("/api/dni/SMOKE0001", 404, """{"code":"not-found"}""", "look-up", "another answer")]
    [InlineData("/api/dni/SMOKE0001", 404, "<html>Not Found</html>", "look-up", "another answer")]
    [InlineData("/api/flights/AA123", 404, """{"code":"flight-not-found"}""", "flight", "status 404 instead of 200")]
    [InlineData("/api/flights/AA123", 200, "[]", "flight", "another answer")]
    [InlineData("/api/dni/SMOKE0001", 401, "", "look-up", "the key is not accepted (status 401)")]
    [InlineData("/api/immigration", 403, "", "entry", "the key is not accepted (status 403)")]
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
    public async Task He_shows_his_key_to_the_API_and_to_nobody_else()
    {
        var shown = new ConcurrentDictionary<string, string>();

        Assert.True((await WalkAsync(AsEver, seen: shown)).Success);

        Assert.Equal(["/", "/sign-in"], shown.Where(request => request.Value == "").Select(request => request.Key).Order());
        Assert.Equal(
            ["/api/dni/SMOKE0001", "/api/flights/AA123", "/api/immigration"],
            shown.Where(request => request.Value == $"Bearer {Key}").Select(request => request.Key).Order());
    }

    [Fact]
    public async Task Without_a_key_he_shows_none_and_says_so_where_one_is_wanted()
    {
        var shown = new ConcurrentDictionary<string, string>();

        var run = await WalkAsync(new(AsEver) { ["/api/immigration"] = (401, "") }, seen: shown, key: "");

        Assert.All(shown.Values, Assert.Empty);
        Assert.Equal(
            "the API wants a key, and Smoke:ApiKey has none (status 401)", Assert.Single(run.Steps, step => !step.Success).Failure);
    }

    // As the desk does where TLS is terminated in front of Apache.
    [Fact]
    public async Task The_desk_may_lead_to_its_sign_in_page_by_an_address_of_another_scheme_and_port()
    {
        var run = await WalkAsync(new(AsEver) { ["/"] = (302, "https://127.0.0.1/sign-in") });

        Assert.True(run.Success, string.Join("; ", run.Steps.Select(step => step.Failure)));
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

    private static SyntheticOfficer Officer(string target, TimeSpan? stepTimeout = null, string key = Key) => new(
        Options.Create(new SmokeOptions { Target = new Uri(target), ApiKey = key, StepTimeout = stepTimeout ?? TimeSpan.FromSeconds(30) }),
        TimeProvider.System);

    private static async Task<Run> WalkAsync(
        Dictionary<string, (int Status, string Body)> answers,
        TimeSpan? stepTimeout = null,
        ConcurrentDictionary<string, string>? seen = null,
        string key = Key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var front = builder.Build();
        front.Run(async context =>
        {
            seen?.TryAdd(context.Request.Path, context.Request.Headers.Authorization.ToString());
            var (status, body) = answers[context.Request.Path];
            if (status == 0)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            context.Response.StatusCode = status;
            if (status is 302)
            {
                context.Response.Headers.Location = body;
                return;
            }

            await context.Response.WriteAsync(body);
        });
        await front.StartAsync(TestContext.Current.CancellationToken);

        var address = front.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var officer = Officer(address, stepTimeout, key);
        return await officer.WalkAsync(TestContext.Current.CancellationToken);
    }
}
