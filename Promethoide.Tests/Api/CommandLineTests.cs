using Promethoide.Api;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--urls=http://127.0.0.1:5001")]
    [InlineData("--urls http://127.0.0.1:5001 --OPS_PORT=9464")]
    public void Settings_alone_serve_the_API(string line) =>
        Assert.True(CommandLine.AreSettings(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("health now")]
    [InlineData("migrat")]
    [InlineData("migrate now")]
    [InlineData("--migrate")]
    [InlineData("--urls --OPS_PORT=9464")]
    [InlineData("--urls=http://127.0.0.1:5001 migrate")]
    public async Task Anything_else_is_not_understood(string line)
    {
        var result = await RunAsync(line);

        Assert.Equal(2, result.ExitCode);
        Assert.EndsWith("See --help.", result.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_names_every_command()
    {
        var result = await RunAsync("--help");

        Assert.Equal(0, result.ExitCode);
        Assert.All(
            (string[])["migrate", "health", "users", "keys", "import"],
            command => Assert.Contains($" {command} ", result.Output, StringComparison.Ordinal));
    }

    private static Task<ToolResult> RunAsync(string line) =>
        Tool.RunAsync("dotnet", [Repository.Assembly("Promethoide.Api"), .. line.Split(' ')]);
}
