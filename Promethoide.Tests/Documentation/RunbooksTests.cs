using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.Documentation;

/// <summary>The runbooks' commands for the Aspire CLI, on a running network, as from a second terminal.</summary>
[Collection("A second terminal")]
public sealed class RunbooksTests : IAsyncDisposable
{
    // Other tests cover whole networks; the tools are downloaded from nuget.org on demand.
    private static readonly string[] NotHere = ["dotnet aspire start", "dotnet aspire stop", "dotnet tool exec"];

    // What the Aspire CLI prints when it loses its connection to a running AppHost, as on an overloaded machine.
    private static readonly string[] Lost = ["The JSON-RPC connection with the remote party was lost", "No running AppHost found"];

    private readonly AppHostProgram _program = new();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Every_command_and_statement_works_on_a_running_network()
    {
        // Read-only commands run first: a restart disrupts the network for a while.
        var commands = RunbookFiles.Pages.SelectMany(RunbookFiles.CommandsOf)
            .Where(command => command.StartsWith("dotnet ", StringComparison.Ordinal)
                && !Array.Exists(NotHere, other => command.StartsWith(other, StringComparison.Ordinal)))
            .Distinct()
            .OrderBy(command => command.Split(' ')[^1] is "start" or "restart" ? 1 : 0)
            .ToList();
        Assert.InRange(commands.Count, 30, int.MaxValue);
        var statements = RunbookFiles.Pages.SelectMany(page => RunbookFiles.BlocksOf(page, "sql")).Distinct();
        await using var network = _program.Start("--ports", "auto");
        await network.SaysAsync("Ctrl-C stops everything.");

        foreach (var statement in statements)
        {
            var result = await Tool.RunAsync(
                "bash",
                ["-c", $"cd '{Repository.Root}' && ./run.sh psql --set ON_ERROR_STOP=1 --command \"$STATEMENT\""],
                _program.Environment.Append(new("STATEMENT", statement)));
            Assert.True(result.ExitCode == 0, $"{statement}: {result.Output}{result.Error}");
        }

        foreach (var command in commands)
        {
            var words = command.Split(' ');
            // Users start what is down; the migrations have exited on their own.
            if (words[^1] == "start" && words[3] != "migrations")
            {
                await MustAsync(network, $"dotnet aspire resource {words[3]} stop");
            }

            await MustAsync(network, command);
            if (words[^1] is "start" or "restart" && words[3] != "migrations")
            {
                await MustAsync(network, $"dotnet aspire wait {words[3]}");
            }
        }
    }

    private async Task MustAsync(RunningProgram network, string command)
    {
        var result = await _program.ShellAsync(command);
        // A user who sees this repeats the command.
        for (var again = 0;
            again < 5
                && result.ExitCode != 0
                && Array.Exists(Lost, sentence => $"{result.Output}{result.Error}".Contains(sentence, StringComparison.Ordinal));
            again++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            result = await _program.ShellAsync(command);
        }

        Assert.True(result.ExitCode == 0, $"{command}: {result.Output}{result.Error}\nThe network says:\n{network.Output}");
    }
}
