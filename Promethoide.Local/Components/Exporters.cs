using System.Diagnostics;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>What turns others' state into metrics.</summary>
internal static class Exporters
{
    public static Component Node(NetworkContext context, Programs programs)
    {
        var program = programs.Find("node-exporter", "prometheus-node-exporter", "node_exporter");
        return Exporter(context, "node-exporter", [], "/", _ => new(program, [Listen(context, "node-exporter"), "--no-collector.systemd"]));
    }

    public static Component Apache(NetworkContext context, Programs programs)
    {
        var program = programs.Find("apache-exporter", "prometheus-apache-exporter", "apache_exporter");
        return Exporter(context, "apache-exporter", ["apache"], "/metrics", _ => new(
            program,
            [Listen(context, "apache-exporter", HasOldFlags(program) ? "telemetry.address" : "web.listen-address"), $"--scrape_uri={context.Local("apache-status")}/server-status?auto"]));
    }

    // After the migrations: they make its role.
    public static Component Postgres(NetworkContext context, Programs programs, Database database)
    {
        var program = programs.Find("postgres-exporter", "prometheus-postgres-exporter", "postgres_exporter");
        return Exporter(context, "postgres-exporter", ["migrations"], "/", _ =>
            new(program, [Listen(context, "postgres-exporter")]) { Environment = database.MonitorVariables });
    }

    public static Component Blackbox(NetworkContext context, Programs programs)
    {
        var program = programs.Find("blackbox-exporter", "prometheus-blackbox-exporter", "blackbox_exporter");
        return Exporter(context, "blackbox-exporter", [], "/-/healthy", _ =>
            new(program, [Listen(context, "blackbox-exporter"), $"--config.file={context.Checkout.Combine("monitoring", "blackbox", "blackbox.yml")}"]));
    }

    // Pushed values outlive a restart.
    public static Component Pushgateway(NetworkContext context, Programs programs)
    {
        var program = programs.Find("pushgateway", "prometheus-pushgateway", "pushgateway");
        return Exporter(context, "pushgateway", [], "/-/ready", _ =>
            new(program, [Listen(context, "pushgateway"), $"--persistence.file={Path.Combine(context.State.PrivateFolder("pushgateway"), "metrics")}"]));
    }

    private static Component Exporter(NetworkContext context, string name, string[] waitsFor, string healthPath, Func<CancellationToken, Command> start) => new(name)
    {
        WaitsFor = waitsFor,
        Url = context.Browser(name),
        Start = cancellationToken => Task.FromResult(start(cancellationToken)),
        Health = HttpHealth.Of(context.Local(name) + healthPath),
    };

    private static string Listen(NetworkContext context, string name, string flag = "web.listen-address") => $"--{flag}=127.0.0.1:{context.Ports[name]}";

    // Before 1.0 (Debian 12 has 0.12) the flag had another name.
    private static bool HasOldFlags(string program)
    {
        using var help = Process.Start(new ProcessStartInfo(program, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = help.StandardError.ReadToEndAsync();
        return (help.StandardOutput.ReadToEnd() + errors.Result).Contains("--telemetry.address", StringComparison.Ordinal);
    }
}
