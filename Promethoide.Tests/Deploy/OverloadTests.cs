using System.Globalization;
using Promethoide.Network;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy;

/// <summary>The same flood as in <see cref="Overload"/>, within the memory limits of the published network.</summary>
[Collection("Containers")]
public sealed class OverloadTests(PublishedNetwork network)
{
    private const string Drill = "Overload in containers";

    [Fact]
    public async Task Whoever_asks_too_much_is_told_so_an_officer_works_on_and_no_part_runs_out_of_memory()
    {
        await network.RunningAsync();
        using var officer = await network.Officers.ClientAsync(Officers.Ordinary);
        var token = (await network.Officers.OfAsync(Officers.Supervisor)).Token;
        var restarts = (await network.StatesAsync()).Sum(state => state.Restarts);
        using var over = new CancellationTokenSource();
        var memory = WatchMemoryAsync(over.Token);

        await Overload.RunAsync(Drill, network.Desk, officer, token);

        await over.CancelAsync();
        foreach (var (part, share) in (await memory).OrderByDescending(part => part.Value).Take(5))
        {
            FaultReport.Add(Drill, $"{part}: most memory, share of its limit", $"{share:0} %");
        }

        // A part that exceeds its limit is killed and restarted.
        Assert.Equal(restarts, (await network.StatesAsync()).Sum(state => state.Restarts));
    }

    private async Task<Dictionary<string, double>> WatchMemoryAsync(CancellationToken over)
    {
        var most = new Dictionary<string, double>();
        while (!over.IsCancellationRequested)
        {
            foreach (var line in (await Tool.MustRunAsync("docker", ["stats", "--no-stream", "--format", "{{.Name}} {{.MemPerc}}"]))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                if (line.Split(' ') is [var name, var share] && name.Contains(network.Project, StringComparison.Ordinal))
                {
                    var part = name[(network.Project.Length + 1)..];
                    most[part] = Math.Max(most.GetValueOrDefault(part), double.Parse(share.TrimEnd('%'), CultureInfo.InvariantCulture));
                }
            }
        }

        return most;
    }
}
