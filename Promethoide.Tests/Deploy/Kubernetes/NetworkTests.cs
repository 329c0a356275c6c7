using k8s.Models;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>Who may talk to whom.</summary>
public sealed class NetworkTests
{
    private static readonly string[] Operations = ["prometheus", "grafana", "mailpit"];

    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Fact]
    public async Task The_table_in_the_README_is_what_the_policies_say()
    {
        var (small, production) = (await RowsAsync("small"), await RowsAsync("production"));
        var computed = small.Union(production)
            .Select(row => $"{row} {(small.Contains(row) ? production.Contains(row) ? "both" : "small" : "production")}");

        Assert.Equal(computed.Order(StringComparer.Ordinal), KubernetesReadme.TableIn("Who may talk to whom")
            .Select(cells => string.Join(" | ", cells[..2]) + $" | {cells[2]} {cells[3]}")
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Everything_is_denied_that_is_not_allowed_on_both_sides(string overlay)
    {
        var ways = new Ways(await Manifests.OfAsync(overlay));

        Assert.Empty(ways.Undenied);
        Assert.Empty(ways.HalfAllowed);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task All_may_ask_for_names_but_node_exporter(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.Equal(
            manifests.Workloads.Select(workload => workload.Name).Where(name => name != "node-exporter").Order(),
            new Ways(manifests).Allowed.Where(way => way is { To: Ways.Dns, Port: 53 }).Select(way => way.From).Order());
    }

    // Design 4's two networks: only Prometheus is on both.
    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Those_who_are_watched_and_those_who_watch_reach_each_other_through_Prometheus_only(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var pods = manifests.Workloads.Select(workload => workload.Name).ToHashSet();

        Assert.All(
            manifests.Workloads,
            workload => Assert.Equal(Operations.Contains(workload.Name), workload.Namespace == "promethoide-operations"));
        Assert.All(new Ways(manifests).Allowed.Where(way => pods.Contains(way.From) && pods.Contains(way.To)), way =>
            Assert.True(Operations.Contains(way.From) == Operations.Contains(way.To) || way.From == "prometheus", $"{way}"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Only_Apache_and_Grafana_are_reached_from_outside(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var pods = manifests.Workloads.Select(workload => workload.Name).ToHashSet();

        Assert.Equal(
            ["apache 8080", "grafana 3000"],
            new Ways(manifests).Allowed.Where(way => !pods.Contains(way.From)).Select(way => $"{way.To} {way.Port}").Order());
        Assert.All(manifests.All<V1Service>(), service => Assert.Null(service.Spec.Type));
    }

    // A way to a port that nothing listens on is a mistake, and so is a Service port without a way to it.
    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_way_leads_to_a_port_of_a_container_and_every_port_of_a_Service_can_be_reached(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var allowed = new Ways(manifests).Allowed.ToList();

        Assert.All(allowed.Where(way => manifests.Workloads.Any(workload => workload.Name == way.To)), way =>
            Assert.Contains(way.Port, manifests.Workloads.Single(workload => workload.Name == way.To).Containers
                .SelectMany(container => container.Ports ?? [])
                .Select(port => port.ContainerPort)));
        // Mailpit's page is reached through port-forward.
        Assert.All(
            manifests.All<V1Service>()
                .SelectMany(service => service.Spec.Ports, (service, port) => $"{service.Metadata.Name} {port.Port}")
                .Except(["mailpit 8025"]),
            port => Assert.Contains(port, allowed.Select(way => $"{way.To} {way.Port}")));
    }

    private static async Task<HashSet<string>> RowsAsync(string overlay) =>
    [
        .. new Ways(await Manifests.OfAsync(overlay)).Allowed.Where(way => way.To != Ways.Dns)
            .GroupBy(way => (way.From, way.To))
            .Select(way => $"{way.Key.From} | {way.Key.To} | {string.Join(", ", way.Select(one => one.Port).Order())}"),
    ];
}
