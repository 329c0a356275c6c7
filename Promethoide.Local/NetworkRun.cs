using System.Runtime.InteropServices;
using System.Text.Json;
using Promethoide.Local.Components;
using Promethoide.Local.Control;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;
using Promethoide.Local.Terminal;
using Spectre.Console;

namespace Promethoide.Local;

/// <summary>What the command line asks of a run.</summary>
/// <param name="Data">The data folder; null for the checkout's.</param>
/// <param name="Ephemeral">Keep nothing.</param>
/// <param name="PortChoice">See <see cref="Ports.Choose"/>.</param>
/// <param name="Restart">Whether a component that dies is started again.</param>
/// <param name="UntilHealthy">End as soon as everything has been healthy.</param>
/// <param name="Preview">The folder of the dashboards' preview; null for none.</param>
/// <param name="Json">Print the table as JSON once everything is healthy, and everything else to standard error.</param>
internal sealed record RunOptions(string? Data, bool Ephemeral, string? PortChoice, bool Restart, bool UntilHealthy, string? Preview, bool Json);

/// <summary>One run of the network, from the first check to the last process's end.</summary>
internal static class NetworkRun
{
    private const int TailLines = 15;

    /// <returns>The exit code: 0 when it ran and was stopped, 1 when it did not start.</returns>
    /// <exception cref="UserException">It cannot start; nothing was left running.</exception>
    public static async Task<int> RunAsync(RunOptions options, IAnsiConsole console)
    {
        var checkout = Checkout.Find();
        var settings = new Settings(checkout);

        await CleanUpAbandonedAsync(checkout, console);
        using var state = options.Ephemeral ? StateFolder.OpenEphemeral(checkout) : StateFolder.Open(options.Data, checkout);
        await EndLeftoversAsync(state, console);
        Logs.Begin(state);

        var plan = NetworkPlan.Make(checkout, state, settings, Ports.Choose(options.PortChoice, settings.PostgresPort), options.Preview);
        return await RunAsync(plan, options, console);
    }

    private static async Task<int> RunAsync(NetworkPlan plan, RunOptions options, IAnsiConsole console)
    {
        var state = plan.Context.State;
        using var signals = new StopSignals();
        var supervisor = new Supervisor(plan.Components, state, options.Restart);
        using var over = new CancellationTokenSource();

        var display = Display.ShowAsync(supervisor, console, () => Hints(plan, supervisor, options), over.Token);
        var logs = Logs.KeepSmallAsync(state, over.Token);
        StartFailure? failure;
        await using (await ControlServer.StartAsync(supervisor, state, plan.Database.OwnerVariables))
        {
            supervisor.Start();
            failure = await UntilTheEndAsync(plan, supervisor, options, signals, console);
            await supervisor.StopAllAsync(signals.Hurry);
        }

        await over.CancelAsync();
        await display;
        await logs.ContinueWith(_ => { }, TaskScheduler.Default);
        if (failure is not null)
        {
            Explain(supervisor, failure, console);
            return 1;
        }

        return 0;
    }

    /// <summary>Returns when it is time to stop; with the reason, when that is a failed start.</summary>
    private static async Task<StartFailure?> UntilTheEndAsync(NetworkPlan plan, Supervisor supervisor, RunOptions options, StopSignals signals, IAnsiConsole console)
    {
        await Task.WhenAny(supervisor.AllHealthy, supervisor.FailedToStart, signals.Stopped);
        if (supervisor.FailedToStart.IsCompleted && !signals.Stopped.IsCompleted)
        {
            return await supervisor.FailedToStart;
        }

        if (supervisor.AllHealthy.IsCompletedSuccessfully)
        {
            Announce(plan, supervisor, options, console);
        }

        if (!options.UntilHealthy)
        {
            await signals.Stopped;
        }

        return null;
    }

    private static void Announce(NetworkPlan plan, Supervisor supervisor, RunOptions options, IAnsiConsole console)
    {
        if (options.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(supervisor.Table, ControlJson.Options));
        }
        else if (!console.Profile.Out.IsTerminal)
        {
            console.Write(Display.Table(supervisor.Table));
            foreach (var hint in Hints(plan, supervisor, options))
            {
                console.Profile.Out.Writer.WriteLine(hint);
            }
        }
    }

    private static List<string> Hints(NetworkPlan plan, Supervisor supervisor, RunOptions options)
    {
        List<string> hints = [$"{Summary(supervisor)} Logs: {plan.Context.State.Combine("logs")}"];
        if (supervisor.AllHealthy.IsCompletedSuccessfully)
        {
            hints.Insert(0, $"The desk: {plan.Context.Browser("apache")}   Metrics: {plan.Context.Browser("prometheus")}");
            if (plan.Has(Grafana.Name))
            {
                var instead = options.Preview is null ? "" : "   (it is installed, so no preview is needed)";
                hints.Insert(1, $"Grafana: {plan.Context.Browser(Grafana.Name)}   user admin, password {Grafana.AdminPassword(plan.Context.State)}{instead}");
            }
            else if (plan.Has(DashboardPreview.Name))
            {
                hints.Insert(1, $"Dashboards: {plan.Context.Browser(Grafana.Name)}   a preview, drawn without Grafana");
            }

            if (!options.UntilHealthy)
            {
                hints.Add("Ctrl-C stops everything.");
            }
        }

        return hints;
    }

    private static string Summary(Supervisor supervisor)
    {
        var table = supervisor.Table;
        var healthy = table.Count(component => component.State is ComponentState.Healthy or ComponentState.Completed);
        return table switch
        {
            _ when healthy == table.Count => "Everything is healthy.",
            _ when table.All(component => component.State is ComponentState.Stopped or ComponentState.Completed or ComponentState.Failed) => "Everything is stopped.",
            _ => $"{healthy} of {table.Count} are healthy.",
        };
    }

    private static void Explain(Supervisor supervisor, StartFailure failure, IAnsiConsole console)
    {
        var log = supervisor.Table.Single(component => component.Name == failure.Component).Log;
        var writer = console.Profile.Out.Writer;
        writer.WriteLine($"{failure.Component} did not start, so everything else was stopped again: {failure.Reason.TrimEnd('.')}.");
        if (LogTail.Read(log, TailLines) is { Count: > 0 } lines)
        {
            writer.WriteLine($"The end of {log}:");
            foreach (var line in lines)
            {
                writer.WriteLine($"  {line}");
            }
        }
    }

    private static async Task CleanUpAbandonedAsync(Checkout checkout, IAnsiConsole console)
    {
        foreach (var abandoned in StateFolder.OpenAbandoned(checkout))
        {
            using (abandoned)
            {
                await EndLeftoversAsync(abandoned, console);
            }
        }
    }

    private static async Task EndLeftoversAsync(StateFolder state, IAnsiConsole console)
    {
        if (await ProcessRecords.EndLeftoversAsync(state.Processes) is { Count: > 0 } ended)
        {
            console.Profile.Out.Writer.WriteLine($"An earlier run was killed; ended what it had left running: {string.Join(", ", ended)}.");
        }
    }

    /// <summary>Ctrl-C, SIGTERM and a closed terminal ask for the end; a second time: at once.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _hurry = new();
        private readonly PosixSignalRegistration[] _registrations;

        public StopSignals() => _registrations =
            [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]).Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];

        public Task Stopped => _stopped.Task;

        public CancellationToken Hurry => _hurry.Token;

        public void Dispose()
        {
            Array.ForEach(_registrations, registration => registration.Dispose());
            _hurry.Dispose();
        }

        private void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            if (!_stopped.TrySetResult())
            {
                _hurry.Cancel();
            }
        }
    }
}
