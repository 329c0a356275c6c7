using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>The standalone Aspire dashboard, where the Aspire CLI is installed: traces, logs and metrics of the services, kept in memory.</summary>
internal static class AspireDashboard
{
    public const string Name = "aspire-dashboard";
    public const string OtlpPort = "aspire-dashboard-otlp";
    public const string OtlpHttpPort = "aspire-dashboard-otlp-http";

    public static Component Component(NetworkContext context, string cli) => new(Name)
    {
        Url = context.Browser(Name),
        Health = HttpHealth.Of($"{context.Local(Name)}/structuredlogs"),
        Start = _ => Task.FromResult(new Command(
            cli,
            "dashboard", "run", "--non-interactive", "--nologo",
            // On loopback, like everything here; a token would have to be looked up in the log at each start.
            "--allow-anonymous",
            "--frontend-url", context.Local(Name),
            "--otlp-grpc-url", context.Local(OtlpPort),
            "--otlp-http-url", context.Local(OtlpHttpPort))
        {
            Environment = new Dictionary<string, string> { ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true" },
        }),
        // What Ctrl-C sends: the CLI then ends its dashboard itself.
        StopSignal = Signal.Interrupt,
    };
}
