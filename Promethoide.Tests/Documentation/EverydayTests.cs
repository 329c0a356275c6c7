using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Documentation;

/// <summary>The README's table "Everyday", on a running network, as from a second terminal.</summary>
[Collection("A second terminal")]
public sealed class EverydayTests : IAsyncDisposable
{
    private readonly AppHostProgram _program = new();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Every_command_does_what_the_README_says()
    {
        var commands = Commands();
        Assert.True(commands.Count > 10, string.Join("\n", commands));
        await using var network = _program.Start();
        await network.SaysAsync("Ctrl-C stops everything.");

        foreach (var command in commands)
        {
            // These start their own network or stop this one.
            if (command is "dotnet aspire start" or "dotnet aspire stop" or "./run.sh reset")
            {
                continue;
            }

            var result = await _program.ShellAsync(command);
            Assert.True(result.ExitCode == 0, $"{command}: {result.Output}{result.Error}");
            if (command == "dotnet aspire describe")
            {
                Assert.All(
                    (string[])["postgres", "rest-api", "apache", "prometheus"],
                    part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
            }
            else if (command.StartsWith("./run.sh psql", StringComparison.Ordinal))
            {
                Assert.Contains("AA123", result.Output, StringComparison.Ordinal);
            }
        }

        var refused = await _program.ShellAsync("./run.sh reset --yes");
        Assert.Equal(1, refused.ExitCode);

        var stop = await _program.ShellAsync("dotnet aspire stop");
        Assert.True(stop.ExitCode == 0, stop.Output + stop.Error);
        Assert.Equal(0, await network.EndsAsync());

        var reset = await _program.ShellAsync("echo y | ./run.sh reset");
        Assert.True(reset.ExitCode == 0, reset.Output + reset.Error);
        Assert.False(Directory.Exists(_program.Data));
    }

    private static List<string> Commands()
    {
        var table = File.ReadLines(Repository.Combine("README.md"))
            .SkipWhile(line => line != "## Everyday")
            .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line.StartsWith('|'));
        return [.. table.Select(row => row.Split('|')[2].Trim().Trim('`'))];
    }
}
