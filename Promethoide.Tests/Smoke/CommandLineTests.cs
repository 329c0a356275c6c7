using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Smoke;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(new[] { "--once", "--target", "nonsense" }, "--target")]
    [InlineData(new[] { "--once", "--pushgateway", "ftp://somewhere" }, "--pushgateway")]
    [InlineData(new[] { "--twice" }, "--twice")]
    public async Task What_cannot_be_understood_is_said_and_fails(string[] arguments, string named)
    {
        var result = await RunAsync(arguments);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_the_wrong_kind_is_named()
    {
        var result = await RunAsync(["--once"], new KeyValuePair<string, string?>("Smoke__Period", "soon"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Smoke:Period", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Smoke__Document", "12345678A", "Smoke:Document has to begin with SMOKE")]
    [InlineData("Smoke__ApiKey", "pmk_a b", "Smoke:ApiKey has to be a key")]
    public async Task A_setting_that_cannot_work_is_said_in_words(string variable, string value, string words)
    {
        var result = await RunAsync(["--once"], new KeyValuePair<string, string?>(variable, value));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_fails_says_which_step_and_why_and_exits_with_1()
    {
        var result = await RunAsync(["--once", "--target", $"http://127.0.0.1:{Loopback.FreePort()}"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("desk: Connection refused", result.Output, StringComparison.Ordinal);
    }

    internal static Task<ToolResult> RunAsync(string[] arguments, params KeyValuePair<string, string?>[] environment) =>
        Tool.RunAsync("dotnet", [Repository.Assembly("Promethoide.Smoke"), .. arguments], environment);
}
