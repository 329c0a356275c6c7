using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy;

/// <summary>The health check that the containers of published services run: the service's own program.</summary>
public sealed class HealthProbeTests
{
    public static TheoryData<string> Programs => ["Promethoide.Api", "Promethoide.Web", "Promethoide.Smoke"];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_ends_with_0_when_the_service_is_healthy_and_with_1_and_the_answer_when_it_is_not(string program)
    {
        var status = StatusCodes.Status200OK;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var service = builder.Build();
        service.MapGet("/health", () => Results.Text(status == StatusCodes.Status200OK ? "Healthy" : "Unhealthy", statusCode: status));
        await service.StartAsync(TestContext.Current.CancellationToken);
        var port = new Uri(service.Urls.First()).Port;

        Assert.Equal((0, ""), await AskAsync(program, $"{port}"));

        status = StatusCodes.Status503ServiceUnavailable;
        var (exitCode, error) = await AskAsync(program, $"{port}");
        Assert.Equal(1, exitCode);
        Assert.Matches("503.*Unhealthy", error);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task It_ends_with_1_and_why_when_nobody_can_be_asked(string program)
    {
        var (exitCode, error) = await AskAsync(program, $"{Loopback.FreePort()}");
        Assert.Equal(1, exitCode);
        Assert.Contains("Connection refused", error, StringComparison.Ordinal);

        (exitCode, error) = await AskAsync(program, null);
        Assert.Equal(1, exitCode);
        Assert.Contains("OPS_PORT is ''", error, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Error)> AskAsync(string program, string? port)
    {
        var result = await Tool.RunAsync("dotnet", [Repository.Assembly(program), "health"], [new("OPS_PORT", port)]);
        return (result.ExitCode, result.Error);
    }
}
