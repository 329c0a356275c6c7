namespace Promethoide.AppHost;

/// <summary>Adds what turns others' state into metrics.</summary>
public static class ExporterBuilderExtensions
{
    /// <summary>Adds the exporter of the machine's metrics.</summary>
    public static IResourceBuilder<NodeExporterResource> AddNodeExporter(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var exporter = builder.AddResource(new NodeExporterResource(name))
            .WithImage(ContainerImages.NodeExporter)
            .WithMetricsEndpoint(port, targetPort: 9100)
            .WithHttpHealthCheck("/")
            .InCompose(megabytes: 128, ComposeServiceExtensions.Answers(9100, "/"), service =>
                // A dollar sign begins a variable there.
                service.Command = [.. service.Command.Select(word => word.Replace("$", "$$", StringComparison.Ordinal))])
            .WithIconName("Server");

        // A Windows machine has none of these folders; the exporter then shows the container engine's machine as far as a container sees it.
        if (OperatingSystem.IsWindows() && builder.ExecutionContext.IsRunMode)
        {
            return exporter;
        }

        return exporter
            .WithBindMount("/proc", "/host/proc", isReadOnly: true)
            .WithBindMount("/sys", "/host/sys", isReadOnly: true)
            .WithBindMount("/", "/host/root", isReadOnly: true)
            .WithArgs(
                "--path.procfs=/host/proc",
                "--path.sysfs=/host/sys",
                "--path.rootfs=/host/root",
                "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containers/.+)($|/)");
    }

    /// <summary>Adds the exporter of <paramref name="apache"/>'s metrics.</summary>
    public static IResourceBuilder<ApacheExporterResource> AddApacheExporter(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ApacheResource> apache, int port) =>
        builder.AddResource(new ApacheExporterResource(name))
            .WithImage(ContainerImages.ApacheExporter)
            .WithMetricsEndpoint(port, targetPort: 9117)
            .WithHttpHealthCheck("/metrics")
            .InCompose(megabytes: 64, ComposeServiceExtensions.Answers(9117, "/metrics"))
            .WithArgs(ReferenceExpression.Create($"--scrape_uri={apache.GetEndpoint(ApacheResource.StatusEndpoint)}/server-status?auto"))
            .WithReferenceRelationship(apache)
            .WaitFor(apache)
            .WithParentRelationship(apache)
            .WithIconName("Gauge");

    /// <summary>Adds the exporter of <paramref name="database"/>'s metrics, which logs in as the monitor.</summary>
    public static IResourceBuilder<PostgresExporterResource> AddPostgresExporter(
        this IDistributedApplicationBuilder builder, string name, Database database, int port)
    {
        var exporter = builder.AddResource(new PostgresExporterResource(name))
            .WithImage(ContainerImages.PostgresExporter)
            .WithMetricsEndpoint(port, targetPort: 9187)
            .WithHttpHealthCheck("/")
            .InCompose(megabytes: 128, ComposeServiceExtensions.Answers(9187, "/"))
            // Apart from each other: in one URL the password would have to be escaped.
            .WithEnvironment("DATA_SOURCE_URI", database.UriForContainers)
            .WithEnvironment("DATA_SOURCE_USER", Database.MonitorRole)
            .WithEnvironment("DATA_SOURCE_PASS", database.MonitorPassword)
            .WithReferenceRelationship(database.Owner)
            .WaitFor(database.Owner)
            .WithParentRelationship(database.Server)
            .WithIconName("Gauge");
        if (database.Server.Resource is PostgresServerResource)
        {
            // From version 17 on, checkpoints are in a view of their own. The server that is given may be older, and would answer with an error.
            exporter.WithArgs("--collector.stat_checkpointer");
        }

        return database.IsOnThisMachine ? exporter.ReachesThisMachine() : exporter;
    }

    /// <summary>Adds the gateway for pushed metrics. They outlive a restart.</summary>
    public static IResourceBuilder<PushgatewayResource> AddPushgateway(this IDistributedApplicationBuilder builder, string name, int port) =>
        builder.AddResource(new PushgatewayResource(name))
            .WithImage(ContainerImages.Pushgateway)
            .WithMetricsEndpoint(port, targetPort: 9091)
            .WithHttpHealthCheck("/-/ready")
            .InCompose(megabytes: 128, ComposeServiceExtensions.Answers(9091, "/-/ready"))
            // The image's working folder, which belongs to the user that it runs as.
            .WithVolume($"promethoide-{name}", "/pushgateway")
            .WithArgs("--persistence.file=/pushgateway/metrics")
            .WithIconName("ArrowUpload");

    private static IResourceBuilder<T> WithMetricsEndpoint<T>(this IResourceBuilder<T> exporter, int port, int targetPort) where T : ContainerResource =>
        exporter
            .WithHttpEndpoint(port, targetPort)
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/metrics", "Metrics"));
}
