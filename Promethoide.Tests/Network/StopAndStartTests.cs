using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Local.Control;
using Promethoide.Local.Supervision;
using Promethoide.Tests.Local;

namespace Promethoide.Tests.Network;

/// <summary>A second terminal, and the ends that a network can come to. On a network of its own, since it is broken on purpose.</summary>
public sealed class StopAndStartTests
{
    [Fact]
    public async Task Settings_of_the_API_reach_it_and_a_second_terminal_stops_and_starts_a_component_and_a_killed_one_comes_back_by_itself()
    {
        await using var network = await NetworkUnderTest.StartAsync(new Dictionary<string, string> { ["Immigration__MinimumMoney"] = "7000" }, "--ephemeral");
        Assert.Contains("this stay requires 7000.00", await RefusalAsync(network), StringComparison.Ordinal);

        Assert.Equal(0, (await LocalProgram.RunAsync("stop", "rest-api", "--data", network.Data)).ExitCode);
        Assert.Equal(ComponentState.Stopped, (await StatusAsync(network, "rest-api")).State);
        Assert.Equal(0, (await LocalProgram.RunAsync("start", "rest-api", "--data", network.Data)).ExitCode);
        Assert.Equal(ComponentState.Healthy, (await StatusAsync(network, "rest-api")).State);

        var web = await StatusAsync(network, "web");
        ChildProcess.Send(web.ProcessId!.Value, Signal.Kill);
        await Eventually.GetAsync(() => StatusAsync(network, "web"), status => status is { State: ComponentState.Healthy, Restarts: 1 } && status.ProcessId != web.ProcessId);

        var (exitCode, _, errors) = await LocalProgram.RunAsync("stop", "database", "--data", network.Data);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("There is no component 'database'. There are: ", errors, StringComparison.Ordinal);

        var (_, sum, _) = await LocalProgram.RunAsync("psql", "--data", network.Data, "--", "--no-align", "--tuples-only", "--command", "SELECT count(*) FROM interpol");
        Assert.Equal("5", sum.Trim());
    }

    [Fact]
    public async Task A_stop_signal_ends_every_process_and_a_second_start_has_the_data_of_the_first()
    {
        var data = Directory.CreateTempSubdirectory("promethoide-kept-").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        try
        {
            var first = await NetworkUnderTest.StartAsync("--data", data);
            await InsertAsync(data);
            first.Program.Send(Signal.Interrupt);
            Assert.Equal(0, await first.Program.WaitAsync());
            AssertGone(first.Table);

            var second = await NetworkUnderTest.StartAsync("--data", data);
            var (_, count, _) = await LocalProgram.RunAsync("psql", "--data", data, "--", "--no-align", "--tuples-only", "--command", "SELECT count(*) FROM flights WHERE flight_number = 'KEPT1'");
            Assert.Equal("1", count.Trim());
            second.Program.Send(Signal.Terminate);
            Assert.Equal(0, await second.Program.WaitAsync());
            AssertGone(second.Table);

            Assert.Equal(0, (await LocalProgram.RunAsync("reset", "--data", data)).ExitCode);
            Assert.False(Directory.Exists(data));
        }
        finally
        {
            if (Directory.Exists(data))
            {
                Directory.Delete(data, recursive: true);
            }
        }
    }

    [Fact]
    public async Task After_SIGKILL_the_next_start_ends_what_was_left_and_says_so()
    {
        var data = Directory.CreateTempSubdirectory("promethoide-killed-").FullName;
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        try
        {
            var first = await NetworkUnderTest.StartAsync("--data", data);
            first.Program.Send(Signal.Kill);
            await first.Program.WaitAsync();
            Assert.Contains(first.Table, component => component.ProcessId is { } id && Directory.Exists($"/proc/{id}"));

            var (exitCode, _, errors) = await LocalProgram.RunAsync("--data", data, "--ports", "auto", "--until-healthy", "--json");

            Assert.True(exitCode == 0, errors);
            Assert.Contains("An earlier run was killed; ended what it had left running: ", errors, StringComparison.Ordinal);
            AssertGone(first.Table);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<string> RefusalAsync(NetworkUnderTest network)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsJsonAsync(
            $"{network.Url("rest-api")}/immigration",
            new { name = "Ada Lovelace", dni = "X1", lodging = "Hotel Arts", declared_money = 6999, flight_number = "AA123" },
            TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task InsertAsync(string data) => Assert.Equal(0, (await LocalProgram.RunAsync(
        "psql", "--data", data, "--", "--command",
        "INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date) VALUES ('KEPT1', 'A', 'B', 'C', '2026-01-01', '2026-01-01')")).ExitCode);

    private static async Task<ComponentStatus> StatusAsync(NetworkUnderTest network, string component)
    {
        var (_, json, _) = await LocalProgram.RunAsync("status", "--json", "--data", network.Data);
        return JsonSerializer.Deserialize<List<ComponentStatus>>(json, ControlJson.Options)!.Single(status => status.Name == component);
    }

    private static void AssertGone(IEnumerable<ComponentStatus> table) =>
        Assert.All(table.Where(component => component.ProcessId is not null), component => Assert.False(Directory.Exists($"/proc/{component.ProcessId}"), component.Name));
}
