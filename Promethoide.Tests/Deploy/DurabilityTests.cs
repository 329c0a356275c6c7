using System.Globalization;
using Promethoide.Network;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy;

/// <summary>SIGKILL of each part of the published network while clients work; the engine restarts the part.</summary>
[Collection("Containers")]
public sealed class DurabilityTests(PublishedNetwork network)
{
    private const string Drill = "SIGKILL in containers";

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_doubled_or_misnumbered_whatever_is_killed()
    {
        await network.RunningAsync();
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        await using var deciders = new Deciders(http, Kills.Clients);
        await using (var outages = new PartOutages(Drill, http))
        {
            foreach (var part in Kills.InAnyOrder())
            {
                await Task.Delay(Kills.SomeTime, TestContext.Current.CancellationToken);
                // Not `docker kill`: the engine does not restart a container after that.
                await Tool.MustRunAsync("kill", ["-KILL", $"{await network.ProcessOfAsync(part)}"]);
                await outages.EndedAsync(part);
            }

            await network.ComposeAsync("restart", "--timeout", "60");
            await outages.EndedAsync(Kills.Everything);
        }

        await deciders.StopAsync();
        deciders.Judge(
            Drill,
            [
                .. (await network.SqlAsync("promethoide", deciders.Statement)).Output
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                    .Select(Row),
            ]);
    }

    private static (bool, string, long, double) Row(string line) => line.Split('|') is [var isAdmission, var dni, var id, var at]
        ? (isAdmission == "t", dni, long.Parse(id, CultureInfo.InvariantCulture), double.Parse(at, CultureInfo.InvariantCulture))
        : throw new InvalidDataException(line);
}
