using System.CommandLine;
using System.CommandLine.Help;

namespace Promethoide.AppHost;

/// <summary>The options of a run.</summary>
/// <param name="Run"><c>containers</c> or <c>processes</c>; null: whichever is possible here.</param>
/// <param name="Ports">See <see cref="HostPorts"/>.</param>
/// <param name="Ephemeral">Keep nothing.</param>
/// <param name="UntilHealthy">Stop as soon as everything has been healthy.</param>
internal sealed record RunOptions(string? Run, string? Ports, bool Ephemeral, bool UntilHealthy)
{
    // Aspire's own option for doing something other than running.
    private const string Operation = "--operation";

    /// <summary>Reads the arguments, or shows the help and exits.</summary>
    /// <exception cref="DistributedApplicationException">An argument is invalid.</exception>
    public static RunOptions Parse(string[] arguments)
    {
        var run = new Option<string?>("--run")
        {
            Description =
                "How the parts of the network run. Default: as containers when Docker or Podman answers, else as processes (Linux).",
            HelpName = $"{NetworkForm.Containers}|{NetworkForm.Processes}",
        };
        run.AcceptOnlyFromAmong(NetworkForm.Containers, NetworkForm.Processes);
        var ports = new Option<string?>("--ports")
        {
            Description = "auto: free ports; NAME=PORT[,NAME=PORT…]: chosen ones, such as apache=8000,grafana=3001.",
            HelpName = "PORTS",
        };
        var ephemeral = new Option<bool>("--ephemeral") { Description = "Keep nothing: data of its own that are deleted at the end." };
        var untilHealthy = new Option<bool>("--until-healthy")
        {
            Description = "Once everything is healthy, say so, stop everything, and exit with 0.",
        };

        var root = new RootCommand(
            "Starts the whole monitored network; Ctrl-C stops it. Settings (see .env.example) come from the environment, from .env, or "
            + "from here as --NAME=VALUE.")
        {
            run, ports, ephemeral, untilHealthy,
        };
        root.TreatUnmatchedTokensAsErrors = false;

        var parsed = root.Parse(arguments);
        if (parsed.Action is HelpAction)
        {
            parsed.Invoke();
            Environment.Exit(0);
        }

        var errors = parsed.Errors.Select(error => error.Message).ToList();
        if (!arguments.Contains(Operation))
        {
            errors.AddRange(
                parsed.UnmatchedTokens.Where(token => !IsSetting(token)).Select(token => $"'{token}' is not known. See --help."));
        }

        return errors.Count == 0
            ? new(parsed.GetValue(run), parsed.GetValue(ports), parsed.GetValue(ephemeral), parsed.GetValue(untilHealthy))
            : throw new DistributedApplicationException(string.Join(' ', errors));
    }

    // --POSTGRES_USER=ada, --EnvFile=…, and .NET's own --Section:Key=value.
    private static bool IsSetting(string token) =>
        token.Split('=') is [var name, _, ..] && name.StartsWith("--", StringComparison.Ordinal)
        && (name.Contains(':')
            || name == $"--{SettingsExtensions.EnvFile}"
            || Array.Exists(SettingsExtensions.Names, known => $"--{known.Variable}" == name));
}
