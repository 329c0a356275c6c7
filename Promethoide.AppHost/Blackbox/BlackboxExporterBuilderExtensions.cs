namespace Promethoide.AppHost;

/// <summary>Adds the blackbox exporter and its probes.</summary>
public static class BlackboxExporterBuilderExtensions
{
    private const string ConfigurationFolder = "/etc/blackbox_exporter";

    /// <summary>Adds a blackbox exporter.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder with <c>blackbox.yml</c>, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<IBlackboxExporterResource> AddBlackboxExporter(
        this IDistributedApplicationBuilder builder, string name, string folder, int port)
    {
        IResourceBuilder<IBlackboxExporterResource> exporter = builder.RunsContainers()
            ? builder.AddResource(new BlackboxExporterContainerResource(name))
                .WithImage(ContainerImages.BlackboxExporter)
                .WithBindMount(folder, ConfigurationFolder, isReadOnly: true)
                .WithArgs($"--config.file={ConfigurationFolder}/blackbox.yml")
            : builder
                .AddResource(new BlackboxExporterProcessResource(
                    name, builder.Programs().Require("prometheus-blackbox-exporter", "prometheus-blackbox-exporter", "blackbox_exporter")))
                .AsOwnUser()
                .WithListenAddress()
                .WithArgs($"--config.file={builder.State().ForEverybody(Path.GetFullPath(folder, builder.AppHostDirectory))}/blackbox.yml");

        return exporter
            .WithHttpPort(port, inContainer: 9115)
            .WithHttpHealthCheck("/-/healthy")
            .WithIconName("Eye")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Recent probes");
    }

    /// <summary>Makes the exporter probe one path of <paramref name="source"/>.</summary>
    /// <param name="exporter">The exporter.</param>
    /// <param name="source">The resource to probe.</param>
    /// <param name="path">The path, with its first slash.</param>
    /// <param name="endpointName">The endpoint.</param>
    /// <param name="instance">Its logical name; by default, the resource's name and the path.</param>
    public static IResourceBuilder<IBlackboxExporterResource> Probes<T>(
        this IResourceBuilder<IBlackboxExporterResource> exporter,
        IResourceBuilder<T> source,
        string path,
        string endpointName = "http",
        string? instance = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = source.GetEndpoint(endpointName, exporter.ApplicationBuilder.Network());
        exporter.Resource.Probes.Add(new(endpoint, path, instance));
        return exporter.WithRouteTo(endpoint);
    }
}
