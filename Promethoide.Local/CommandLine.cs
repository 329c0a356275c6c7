using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Promethoide.Local.Components;
using Promethoide.Local.Control;
using Promethoide.Local.Preview;
using Promethoide.Local.State;
using Promethoide.Local.Terminal;
using Spectre.Console;

namespace Promethoide.Local;

/// <summary>The commands: without a name, run the network; the named ones speak to one that runs.</summary>
internal static class CommandLine
{
    public static RootCommand Create()
    {
        var data = new Option<string?>("--data") { Description = "The folder for data, logs and secrets. Default: .promethoide in the checkout.", HelpName = "DIR", Recursive = true };
        var json = new Option<bool>("--json") { Description = "Print the table as JSON on standard output (once everything is healthy), all else on standard error.", Recursive = true };
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Keep nothing: a data folder of its own that is deleted at the end." };
        var ports = new Option<string?>("--ports")
        {
            Description = $"auto: free ports; NAME=PORT[,NAME=PORT…]: chosen ones. Names: {string.Join(", ", Ports.Names)}.",
            HelpName = "PORTS",
        };
        var noRestart = new Option<bool>("--no-restart") { Description = "Leave a component that dies as it is, instead of starting it again." };
        var untilHealthy = new Option<bool>("--until-healthy") { Description = "Once everything is healthy: print the table, stop all, exit 0." };
        var preview = new Option<string?>("--preview")
        {
            Description = "Where Grafana is not installed, serve a preview of the dashboards at its port, from the page built in DIR.",
            HelpName = "DIR",
            // ./run.sh --preview builds the page and names its folder.
            Hidden = true,
        };

        var root = new RootCommand("Runs the whole monitored network as plain processes on this machine. Ctrl-C stops it.")
        {
            data, ephemeral, ports, noRestart, untilHealthy, preview, json,
        };
        root.SetAction((parsed, _) =>
        {
            var options = new RunOptions(
                parsed.GetValue(data), parsed.GetValue(ephemeral), parsed.GetValue(ports), !parsed.GetValue(noRestart), parsed.GetValue(untilHealthy), parsed.GetValue(preview), parsed.GetValue(json));
            return options is { Data: not null, Ephemeral: true }
                ? throw new UserException("--data and --ephemeral exclude each other: the one names a folder to keep, the other keeps nothing.")
                : NetworkRun.RunAsync(options, options.Json ? ErrorConsole() : AnsiConsole.Console);
        });

        root.Subcommands.Add(Status(data, json));
        root.Subcommands.Add(Steer("stop", "Stop one component of the running network; the others stay as they are.", data));
        root.Subcommands.Add(Steer("start", "Start a component that was stopped or failed, and wait until it is healthy.", data));
        root.Subcommands.Add(Psql(data));
        root.Subcommands.Add(Reset(data));
        root.Subcommands.Add(Preview());
        return root;
    }

    private static Command Status(Option<string?> data, Option<bool> json)
    {
        var command = new Command("status", "Show the running network's table (--json: as JSON).");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var table = await RunningNetwork.Find(parsed.GetValue(data), Checkout.Find()).TableAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(table, ControlJson.Options));
            }
            else
            {
                AnsiConsole.Write(Display.Table(table));
            }
        });
        return command;
    }

    private static Command Steer(string action, string description, Option<string?> data)
    {
        var name = new Argument<string>("NAME") { Description = "The component, as in the table." };
        var command = new Command(action, description) { name };
        command.SetAction((parsed, cancellationToken) =>
            RunningNetwork.Find(parsed.GetValue(data), Checkout.Find()).SteerAsync(parsed.GetValue(name)!, action, cancellationToken));
        return command;
    }

    private static Command Psql(Option<string?> data)
    {
        var arguments = new Argument<string[]>("ARGUMENTS") { Description = "For psql, after --.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("psql", "Open PostgreSQL's terminal on the running network's database, as its owner.") { arguments };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var network = RunningNetwork.Find(parsed.GetValue(data), Checkout.Find());
            var start = new ProcessStartInfo(new Programs().Postgres("psql"), parsed.GetValue(arguments)!);
            foreach (var (variable, value) in network.Database)
            {
                start.Environment[variable] = value;
            }

            // Ctrl-C ends psql's query, not this program.
            Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
            using var psql = Process.Start(start)!;
            await psql.WaitForExitAsync(CancellationToken.None);
            return psql.ExitCode;
        });
        return command;
    }

    private static Command Reset(Option<string?> data)
    {
        var command = new Command("reset", "Delete the data, logs and secrets of a network that does not run.");
        command.SetAction(parsed =>
        {
            var folder = StateFolder.Delete(parsed.GetValue(data), Checkout.Find());
            Console.Out.WriteLine($"Deleted {folder}.");
        });
        return command;
    }

    private static Command Preview()
    {
        var site = new Argument<string>("DIR") { Description = "The folder of the page that eng/dashboard-preview/build.sh built." };
        var prometheus = new Option<string>("--prometheus") { Description = "The address of Prometheus.", HelpName = "URL", Required = true };
        var traces = new Option<string?>("--traces") { Description = "The address of the Aspire dashboard, if one runs.", HelpName = "URL" };
        var port = new Option<int>("--port") { Description = "The port on loopback.", HelpName = "PORT", DefaultValueFactory = _ => 3000 };
        var dashboards = new Option<string?>("--dashboards") { Description = "The folder of the dashboards. Default: the checkout's.", HelpName = "DIR" };
        var command = new Command("preview", "Serve the preview of the dashboards alone, on any Prometheus.") { site, prometheus, traces, port, dashboards };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => PreviewServer.RunAsync(
            parsed.GetValue(site)!,
            parsed.GetValue(dashboards) ?? Checkout.Find().Combine("monitoring", "grafana", "dashboards"),
            Address("--prometheus", parsed.GetValue(prometheus)!),
            parsed.GetValue(traces) is { } address ? Address("--traces", address) : null,
            parsed.GetValue(port),
            cancellationToken));
        return command;
    }

    private static Uri Address(string option, string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new UserException($"{option} is '{text}'; it has to be an address such as http://localhost:9090.");

    private static IAnsiConsole ErrorConsole() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
