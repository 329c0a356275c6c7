using Promethoide.Api;

namespace Promethoide.Tests.Api;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("--urls=http://127.0.0.1:5001")]
    [InlineData("--urls http://127.0.0.1:5001 --OPS_PORT=9464")]
    public void Settings_alone_serve_the_API(string line) => Assert.Equal(Command.Serve, Read(line));

    [Theory]
    [InlineData("migrate")]
    [InlineData("migrate --ConnectionStrings:promethoide=Host=localhost")]
    public void Migrate_migrates(string line) => Assert.Equal(Command.Migrate, Read(line));

    [Fact]
    public void Health_asks_for_health() => Assert.Equal(Command.Health, Read("health"));

    [Theory]
    [InlineData("health now")]
    [InlineData("migrat")]
    [InlineData("migrate now")]
    [InlineData("--migrate")]
    [InlineData("--help")]
    [InlineData("--urls --OPS_PORT=9464")]
    [InlineData("--urls=http://127.0.0.1:5001 migrate")]
    public void Anything_else_is_not_understood(string line) => Assert.Equal(Command.Unknown, Read(line));

    private static Command Read(string line) => CommandLine.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
