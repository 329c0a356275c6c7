using Promethoide.Monitoring;

namespace Promethoide.Local.Components;

/// <summary>What Prometheus scrapes and probes in this network.</summary>
internal static class Targets
{
    public static IReadOnlyList<ScrapeTarget> Of(NetworkContext context, bool grafana)
    {
        var blackbox = Address("blackbox-exporter");
        return
        [
            new("rest-api", "rest-api", Address("rest-api-ops")),
            new("web", "web", Address("web-ops")),
            .. ((string[])["smoke", "node-exporter", "apache-exporter", "postgres-exporter", "blackbox-exporter", "pushgateway", "prometheus"])
                .Select(name => new ScrapeTarget(name, name, Address(name))),
            ScrapeTarget.Probe("apache", $"{context.Local("apache")}/", blackbox),
            ScrapeTarget.Probe("apache/delay", $"{context.Local("apache")}/delay", blackbox),
            ScrapeTarget.Probe("rest-api", $"{context.Local("rest-api")}/", blackbox),
            ScrapeTarget.Probe("rest-api/health", $"{context.Local("rest-api-ops")}/health", blackbox),
            .. grafana ? (ScrapeTarget[])[new("grafana", "grafana", Address("grafana"))] : [],
        ];

        string Address(string port) => $"127.0.0.1:{context.Ports[port]}";
    }
}
