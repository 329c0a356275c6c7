using Promethoide.Local.State;
using Promethoide.Local.Supervision;
using Promethoide.Monitoring;

namespace Promethoide.Local.Components;

/// <summary>Prometheus, on the repository's configuration and the targets of this network.</summary>
internal static class PrometheusServer
{
    public static Component Component(NetworkContext context, Programs programs, IReadOnlyList<ScrapeTarget> targets, string[] waitsFor)
    {
        var program = programs.Find("prometheus", "prometheus");
        return new("prometheus")
        {
            WaitsFor = waitsFor,
            Url = context.Browser("prometheus"),
            Health = HttpHealth.Of($"{context.Local("prometheus")}/-/ready"),
            Start = _ =>
            {
                var folder = context.State.PrivateFolder("prometheus");
                Link(folder, "prometheus.yml", context.Checkout);
                Link(folder, "rules", context.Checkout);
                TargetFiles.Write(Path.Combine(folder, "targets"), targets);
                return Task.FromResult(new Command(
                    program,
                    $"--config.file={Path.Combine(folder, "prometheus.yml")}",
                    $"--storage.tsdb.path={Path.Combine(folder, "data")}",
                    "--storage.tsdb.retention.time=15d",
                    "--storage.tsdb.retention.size=2GB",
                    "--enable-feature=exemplar-storage",
                    $"--web.listen-address=127.0.0.1:{context.Ports["prometheus"]}",
                    $"--web.external-url={context.Browser("prometheus")}"));
            },
        };
    }

    // Prometheus looks for rules and targets beside its configuration. By links it reads the repository's own files, and this network's targets.
    private static void Link(string folder, string name, Checkout checkout)
    {
        var link = Path.Combine(folder, name);
        File.Delete(link);
        File.CreateSymbolicLink(link, checkout.Combine("monitoring", "prometheus", name));
    }
}
