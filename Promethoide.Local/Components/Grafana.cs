using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>Grafana, where it is installed, with the repository's provisioning.</summary>
internal static class Grafana
{
    public const string Name = "grafana";

    // Where the distributions' packages put what Grafana needs beside its program.
    private const string PackageHome = "/usr/share/grafana";

    // Grafana does not start with a contact point that has no address; without a mail server nothing is sent to them.
    private static readonly (string Variable, string? Default)[] Mail =
    [
        ("GF_SMTP_FROM_ADDRESS", null),
        ("GF_SMTP_FROM_NAME", null),
        ("OPERATIONS_EMAILS", "operations@promethoide.example"),
        ("DEVELOPERS_EMAILS", "developers@promethoide.example"),
    ];

    public static Component Component(NetworkContext context, string program) => new(Name)
    {
        WaitsFor = ["prometheus"],
        Url = context.Browser(Name),
        Health = HttpHealth.Of($"{context.Local(Name)}/api/health"),
        Start = _ => Task.FromResult(new Command(program, "server", $"--homepath={HomeOf(program)}")
        {
            Environment = EnvironmentOf(context, context.State.PrivateFolder(Name)),
        }),
    };

    /// <summary>The administrator's password, generated with the data.</summary>
    public static string AdminPassword(StateFolder state) => new Secrets(state).Keep(Name);

    private static Dictionary<string, string> EnvironmentOf(NetworkContext context, string data)
    {
        var environment = new Dictionary<string, string>
        {
            ["GF_PATHS_DATA"] = data,
            ["GF_PATHS_LOGS"] = Path.Combine(data, "log"),
            ["GF_PATHS_PLUGINS"] = Path.Combine(data, "plugins"),
            ["GF_PATHS_PROVISIONING"] = context.Checkout.Combine("monitoring", "grafana", "provisioning"),
            ["GF_SERVER_HTTP_ADDR"] = "127.0.0.1",
            ["GF_SERVER_HTTP_PORT"] = $"{context.Ports[Name]}",
            ["GF_SERVER_ROOT_URL"] = $"{context.Browser(Name)}/",
            ["GF_SECURITY_ADMIN_PASSWORD"] = AdminPassword(context.State),
            ["GF_AUTH_ANONYMOUS_ENABLED"] = "false",
            ["GF_USERS_ALLOW_SIGN_UP"] = "false",
            ["GF_SECURITY_DISABLE_GRAVATAR"] = "true",
            ["GF_SNAPSHOTS_EXTERNAL_ENABLED"] = "false",
            ["GF_ANALYTICS_REPORTING_ENABLED"] = "false",
            ["GF_ANALYTICS_CHECK_FOR_UPDATES"] = "false",
            ["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES"] = "false",
            ["GF_PLUGINS_PREINSTALL_DISABLED"] = "true",
            ["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"] = context.Checkout.Combine("monitoring", "grafana", "dashboards", "overview.json"),
            ["DASHBOARDS_PATH"] = context.Checkout.Combine("monitoring", "grafana", "dashboards"),
            ["PROMETHEUS_URL"] = context.Local("prometheus"),
            ["TRACES_URL"] = context.Browser(AspireDashboard.Name),
        };

        foreach (var (variable, byDefault) in Mail)
        {
            if ((context.Settings[variable] ?? byDefault) is { } value)
            {
                environment[variable] = value;
            }
        }

        // GR_SMTP_HOST is the original's spelling.
        if ((context.Settings["GF_SMTP_HOST"] ?? context.Settings["GR_SMTP_HOST"]) is { } host)
        {
            environment["GF_SMTP_ENABLED"] = "true";
            environment["GF_SMTP_HOST"] = host;
        }

        // A server that asks for no password refuses whoever offers a name.
        if (context.Settings["GF_SMTP_PASSWORD"] is { } password)
        {
            environment["GF_SMTP_PASSWORD"] = password;
            environment["GF_SMTP_USER"] = context.Settings["GF_SMTP_USER"] ?? context.Settings["GF_SMTP_FROM_ADDRESS"] ?? "";
        }

        return environment;
    }

    private static string HomeOf(string program)
    {
        var real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        var unpacked = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(real)!, ".."));
        return ((string[])[unpacked, PackageHome]).FirstOrDefault(home => File.Exists(Path.Combine(home, "conf", "defaults.ini")))
            ?? throw new UserException($"{program} is installed, but its conf/defaults.ini is neither under {unpacked} nor under {PackageHome}. Take grafana off PATH, or install it whole.");
    }
}
