using Promethoide.Monitoring;

namespace Promethoide.AppHost;

/// <summary>Prometheus as a container, on the repository's configuration, with its data in a volume.</summary>
internal static class PrometheusContainer
{
    private const string ConfigurationFolder = "/etc/prometheus";

    public static IResourceBuilder<PrometheusContainerResource> AddPrometheusContainer(
        this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var prometheus = builder.AddResource(new PrometheusContainerResource(name))
            .WithImage(ContainerImages.Prometheus)
            .WithKeptVolume("/prometheus")
            .WithArgs(
                $"--config.file={ConfigurationFolder}/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                $"--web.console.templates={ConfigurationFolder}/consoles");

        // Mounted one by one, since targets/, which holds this network's addresses, has to be beside them.
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order())
        {
            prometheus.WithBindMount(entry, $"{ConfigurationFolder}/{Path.GetFileName(entry)}", isReadOnly: true);
        }

        return prometheus.WithContainerFiles($"{ConfigurationFolder}/targets", async (_, cancellationToken) =>
            (await prometheus.Resource.TargetsAsync(cancellationToken))
                .GroupBy(target => target.Job)
                .Select(job => new ContainerFile { Name = TargetFiles.Name(job.Key), Contents = TargetFiles.Content(job) }));
    }
}
