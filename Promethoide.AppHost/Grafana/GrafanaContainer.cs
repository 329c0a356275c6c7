namespace Promethoide.AppHost;

/// <summary>Grafana as a container; the volume keeps users, silences and the history of alerts.</summary>
internal static class GrafanaContainer
{
    private const string DashboardsFolder = "/var/lib/grafana/dashboards";

    public static IResourceBuilder<GrafanaContainerResource> AddGrafanaContainer(
        this IDistributedApplicationBuilder builder, string name, string folder) =>
        builder.AddResource(new GrafanaContainerResource(name))
            .WithImage(ContainerImages.Grafana)
            .WithKeptVolume("/var/lib/grafana")
            .WithBindMount(Path.Combine(folder, "provisioning"), "/etc/grafana/provisioning", isReadOnly: true)
            .WithBindMount(Path.Combine(folder, "dashboards"), DashboardsFolder, isReadOnly: true)
            .WithDashboardsIn(DashboardsFolder);
}
