using System.Diagnostics;
using Promethoide.Local;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Tests.Local;

/// <summary>The supervision, with real processes that do little.</summary>
public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly StateFolder _state;
    private readonly List<(string Name, ComponentState State)> _seen = [];

    public SupervisorTests() => _state = StateFolder.Open(Directory.CreateTempSubdirectory("promethoide-supervisor-").FullName, Checkout.Find());

    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_state.Root, recursive: true);
    }

    [Fact]
    public async Task A_component_starts_only_when_what_it_waits_for_is_healthy()
    {
        var gate = Path.Combine(_state.Root, "gate");
        var supervisor = Supervise(Sleeper("web", waitsFor: ["postgres"]), Sleeper("postgres", health: () => File.Exists(gate)));

        supervisor.Start();
        await SeenAsync("postgres", ComponentState.Starting);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(ComponentState.Waiting, supervisor.Table.Single(component => component.Name == "web").State);

        await File.WriteAllTextAsync(gate, "", TestContext.Current.CancellationToken);
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Everything_stops_in_reverse_order_and_with_it_whatever_a_component_started_itself()
    {
        var child = Path.Combine(_state.Root, "child");
        var supervisor = Supervise(
            Sleeper("postgres"),
            // Takes its time to end, so that out of order PostgreSQL would be first.
            Shell("rest-api", $"trap 'sleep 0.5; exit' TERM; sleep 600 & echo $! >'{child}.new'; mv '{child}.new' '{child}'; wait", waitsFor: ["postgres"], health: () => File.Exists(child)));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var grandchild = int.Parse(await File.ReadAllTextAsync(child, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);

        await supervisor.StopAllAsync(CancellationToken.None);

        Assert.Equal(["rest-api", "postgres"], Seen(ComponentState.Stopped));
        await GoneAsync(grandchild);
        Assert.Empty(Directory.GetFiles(_state.Processes));
    }

    [Fact]
    public async Task A_component_gets_the_variables_it_is_given_dashes_in_their_names_included_and_no_others()
    {
        Environment.SetEnvironmentVariable("PROMETHOIDE_TEST_SECRET", "not for components");
        var supervisor = Supervise(new Component("web")
        {
            RunsOnce = true,
            Start = _ => Task.FromResult(new Command("/usr/bin/env") { Environment = new Dictionary<string, string> { ["services__rest-api__http__0"] = "http://127.0.0.1:5001" } }),
        });
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);

        var environment = await File.ReadAllTextAsync(supervisor.Table[0].Log, TestContext.Current.CancellationToken);
        Assert.Contains("services__rest-api__http__0=http://127.0.0.1:5001\n", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("PROMETHOIDE_TEST_SECRET", environment, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_component_that_dies_is_started_again()
    {
        var supervisor = Supervise(Sleeper("web"));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var first = supervisor.Table[0].ProcessId!.Value;

        ChildProcess.Send(first, Signal.Kill);

        await SeenAsync("web", ComponentState.Restarting);
        await UntilAsync(() => supervisor.Table[0] is { State: ComponentState.Healthy, Restarts: 1 });
        Assert.NotEqual(first, supervisor.Table[0].ProcessId);
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Without_restarts_a_component_that_dies_stays_dead_until_it_is_started_by_hand()
    {
        var supervisor = Supervise(restart: false, Sleeper("web"));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);

        ChildProcess.Send(supervisor.Table[0].ProcessId!.Value, Signal.Kill);
        await SeenAsync("web", ComponentState.Failed);
        Assert.Equal("ended with exit code 137", supervisor.Table[0].Detail);

        await supervisor.StartAsync("web", TestContext.Current.CancellationToken);
        Assert.Equal(ComponentState.Healthy, supervisor.Table[0].State);
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_component_that_dies_before_the_network_was_ever_healthy_is_a_failed_start()
    {
        var supervisor = Supervise(Shell("rest-api", "echo no database; exit 3", health: () => false), Sleeper("web", waitsFor: ["rest-api"]));
        supervisor.Start();

        Assert.Equal(new("rest-api", "ended with exit code 3"), await supervisor.FailedToStart.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal("no database\n", await File.ReadAllTextAsync(supervisor.Table[0].Log, TestContext.Current.CancellationToken));
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_stopped_component_leaves_the_others_running()
    {
        var supervisor = Supervise(Sleeper("postgres"), Sleeper("rest-api", waitsFor: ["postgres"]));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);

        await supervisor.StopAsync("postgres");

        Assert.Equal([ComponentState.Stopped, ComponentState.Healthy], supervisor.Table.Select(component => component.State));
        var e = await Assert.ThrowsAsync<UserException>(() => supervisor.StopAsync("database"));
        Assert.Equal("There is no component 'database'. There are: postgres, rest-api.", e.Message);
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_start_by_hand_that_fails_says_so_although_it_is_tried_again()
    {
        var broken = Path.Combine(_state.Root, "broken");
        var supervisor = Supervise(Shell("web", $"[ -e '{broken}' ] && exit 7; exec sleep 600"));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await supervisor.StopAsync("web");
        await File.WriteAllTextAsync(broken, "", TestContext.Current.CancellationToken);

        var e = await Assert.ThrowsAsync<UserException>(async () =>
        {
            // Without a health check it counts as healthy while it lives, which is not long.
            while (true)
            {
                await supervisor.StartAsync("web", TestContext.Current.CancellationToken);
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        });
        Assert.StartsWith("web did not start: ended with exit code 7; again in ", e.Message, StringComparison.Ordinal);
        await supervisor.StopAllAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_component_that_ignores_SIGTERM_is_killed_at_once_when_the_stop_is_asked_for_again()
    {
        var supervisor = Supervise(Shell("stubborn", "trap '' TERM INT; while :; do sleep 1; done"));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var process = supervisor.Table[0].ProcessId!.Value;
        using var hurry = new CancellationTokenSource();

        var stop = supervisor.StopAllAsync(hurry.Token);
        await SeenAsync("stubborn", ComponentState.Stopping);
        await hurry.CancelAsync();

        await stop.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await GoneAsync(process);
    }

    [Fact]
    public async Task The_next_start_ends_what_a_killed_Promethoide_left_running_and_nothing_else()
    {
        var supervisor = Supervise(Sleeper("web"), Sleeper("apache"));
        supervisor.Start();
        await supervisor.AllHealthy.WaitAsync(Patience, TestContext.Current.CancellationToken);
        var (web, apache) = (supervisor.Table[0].ProcessId!.Value, supervisor.Table[1].ProcessId!.Value);
        await UntilAsync(() => IsWritten("web") && IsWritten("apache"));
        // A record of another process that got the same number later: its start time differs.
        var record = await File.ReadAllTextAsync(_state.ProcessRecord("apache"), TestContext.Current.CancellationToken);
        var fields = record.Split(' ');
        fields[21] = "1";
        await File.WriteAllTextAsync(_state.ProcessRecord("apache"), string.Join(' ', fields), TestContext.Current.CancellationToken);

        Assert.Equal(["web"], await ProcessRecords.EndLeftoversAsync(_state.Processes));

        await GoneAsync(web);
        Assert.True(Directory.Exists($"/proc/{apache}"));
        await supervisor.StopAllAsync(CancellationToken.None);

        bool IsWritten(string component) => File.Exists(_state.ProcessRecord(component)) && File.ReadAllText(_state.ProcessRecord(component)).EndsWith('\n');
    }

    private Supervisor Supervise(params Component[] components) => Supervise(restart: true, components);

    private Supervisor Supervise(bool restart, params Component[] components)
    {
        var supervisor = new Supervisor(components, _state, restart);
        supervisor.StatusChanged += status =>
        {
            lock (_seen)
            {
                _seen.Add((status.Name, status.State));
            }
        };
        return supervisor;
    }

    private static Component Sleeper(string name, string[]? waitsFor = null, Func<bool>? health = null) => Shell(name, "exec sleep 600", waitsFor, health);

    private static Component Shell(string name, string script, string[]? waitsFor = null, Func<bool>? health = null) => new(name)
    {
        WaitsFor = waitsFor ?? [],
        Start = _ => Task.FromResult(new Command("/bin/sh", "-c", script)),
        Health = health is null ? null : _ => Task.FromResult(health() ? null : "not yet"),
    };

    private List<string> Seen(ComponentState state)
    {
        lock (_seen)
        {
            return [.. _seen.Where(seen => seen.State == state).Select(seen => seen.Name)];
        }
    }

    private Task SeenAsync(string name, ComponentState state) => UntilAsync(() => Seen(state).Contains(name));

    private static Task GoneAsync(int process) => UntilAsync(() => !Directory.Exists($"/proc/{process}") || File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(clock.Elapsed < Patience, "Did not happen in time.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
