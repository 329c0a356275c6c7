using Promethoide.Tests.AppHost;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;
using Promethoide.Tests.Network;
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

    private RunningProgram? _network;

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        await _program.DisposeAsync();
    }

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
        var network = _network = _program.Start("--ports", "auto");
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
            if (!await WorksAsync(network, command))
            {
                // The Aspire CLI has lost this AppHost for good; its user would start the network again.
                await network.TerminateAsync();
                await network.DisposeAsync();
                await Eventually.GetAsync(() => Task.FromResult(_program.Processes().Count), count => count == 0);
                network = _network = _program.Start("--ports", "auto");
                await network.SaysAsync("Ctrl-C stops everything.");
                Assert.True(await WorksAsync(network, command), $"{command}: the Aspire CLI has lost the network twice.");
            }
        }
    }

    /// <returns>False when the Aspire CLI does not find the network.</returns>
    private async Task<bool> WorksAsync(RunningProgram network, string command)
    {
        var words = command.Split(' ');
        var changes = words[^1] is "start" or "restart" && words[3] != "migrations";
        // Users start what is down; the migrations have exited on their own.
        return (words[^1] != "start" || !changes || await FindsAsync(network, $"dotnet aspire resource {words[3]} stop"))
            && await FindsAsync(network, command)
            && (!changes || await FindsAsync(network, $"dotnet aspire wait {words[3]}"));
    }

    private async Task<bool> FindsAsync(RunningProgram network, string command)
    {
        var result = await _program.ShellAsync(command);
        // As users do, retry it.
        for (var retry = 0; retry < 12 && IsLost(); retry++)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            result = await _program.ShellAsync(command);
        }

        Assert.True(
            result.ExitCode == 0 || IsLost(), $"{command}: {result.Output}{result.Error}\nThe network says:\n{network.Output}");
        return result.ExitCode == 0;

        bool IsLost() => result.ExitCode != 0
            && Array.Exists(Lost, sentence => $"{result.Output}{result.Error}".Contains(sentence, StringComparison.Ordinal));
    }
}
