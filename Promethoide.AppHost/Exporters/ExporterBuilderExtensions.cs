using System.ComponentModel;
using System.Diagnostics;

namespace Promethoide.AppHost;

/// <summary>Adds the exporters, which turn the state of other components into metrics.</summary>
public static class ExporterBuilderExtensions
{
    // The additional queries of the PostgreSQL exporter, relative to the AppHost's folder.
    private const string Queries = "../monitoring/postgres/queries.yaml";

    // In /host/proc, net points to the reader's own network namespace: here the container's. To show the machine's, the exporter gets a
    // folder of links to the same files, with the net of the machine's first process. Netlink, the default, would query the container's
    // too.
    private const string OfTheMachine =
        """
        rm -rf /tmp/proc
        mkdir /tmp/proc
        for entry in /host/proc/[!0-9]* /host/proc/1; do ln -s "$entry" /tmp/proc/; done
        rm /tmp/proc/net
        ln -s /host/proc/1/net /tmp/proc/net
        exec node_exporter --path.procfs=/tmp/proc --no-collector.netdev.netlink "$@"
        """;

    /// <summary>Adds the exporter of the machine's metrics.</summary>
    public static IResourceBuilder<IExporterResource> AddNodeExporter(this IDistributedApplicationBuilder builder, string name, int port)
    {
        IResourceBuilder<IExporterResource> exporter = builder.RunsContainers()
            ? builder.AddExporterContainer(name, ContainerImages.NodeExporter).WithMachineMounted()
            // Debian's build queries systemd over D-Bus, which not every machine has.
            : builder.AddExporterProcess(name, "prometheus-node-exporter", "node_exporter")
                .WithListenAddress()
                .WithArgs("--no-collector.systemd");

        return exporter
            .WithMetrics(port, inContainer: 9100)
            .WithHttpHealthCheck("/")
            .WithIconName("Server");
    }

    // A Windows machine has none of these folders; the exporter then shows the container engine's machine, as far as a container can see
    // it.
    private static IResourceBuilder<ExporterContainerResource> WithMachineMounted(
        this IResourceBuilder<ExporterContainerResource> exporter) =>
        OperatingSystem.IsWindows()
            ? exporter
            : exporter
                .WithBindMount("/proc", "/host/proc", isReadOnly: true)
                .WithBindMount("/sys", "/host/sys", isReadOnly: true)
                .WithBindMount("/", "/host/root", isReadOnly: true)
                .WithContainerRuntimeArgs("--tmpfs", "/tmp")
                .WithEntrypoint("sh")
                .WithArgs(
                    "-euc",
                    OfTheMachine,
                    "node_exporter",
                    "--path.sysfs=/host/sys",
                    "--path.rootfs=/host/root",
                    "--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/containers/.+)($|/)");

    /// <summary>Adds the exporter of <paramref name="apache"/>'s metrics.</summary>
    public static IResourceBuilder<IExporterResource> AddApacheExporter(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IApacheResource> apache, int port)
    {
        IResourceBuilder<IExporterResource> exporter = builder.RunsContainers()
            ? builder.AddExporterContainer(name, ContainerImages.ApacheExporter)
            : builder.AddApacheExporterProcess(name);

        return exporter
            .WithMetrics(port, inContainer: 9117)
            .WithHttpHealthCheck("/metrics")
            .WithArgs(ReferenceExpression.Create(
                $"--scrape_uri={apache.GetEndpoint(IApacheResource.StatusEndpoint, builder.Network())}/server-status?auto"))
            .WithReferenceRelationship(apache)
            .WaitFor(apache)
            .WithParentRelationship(apache)
            .WithIconName("Gauge");
    }

    /// <summary>
    /// Counts <paramref name="apache"/>'s responses, which Apache's status page does not break down: mtail, on the log that Apache writes
    /// for it.
    /// </summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="apache">The Apache whose responses are counted.</param>
    /// <param name="folder">The folder with mtail's program and Dockerfile, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<IExporterResource> AddApacheLogExporter(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<IApacheResource> apache, string folder, int port)
    {
        var logs = apache.Resource.LogFolder;
        var log = Path.Combine(logs, IApacheResource.RequestLog);
        IResourceBuilder<IExporterResource> exporter = builder.RunsContainers()
            ? builder.AddResource(new ExporterContainerResource(name))
                .WithOwnImage("promethoide-apache-log-exporter", folder)
                .WithBindMount(logs, "/logs", isReadOnly: true)
                .WithArgs("--progs=/etc/mtail", $"--logs=/logs/{IApacheResource.RequestLog}")
            : builder.AddExporterProcess(name, "mtail", "mtail").WithMtailsListenAddress()
                .WithArgs($"--progs={builder.State().ForEverybody(Path.GetFullPath(folder, builder.AppHostDirectory))}", $"--logs={log}")
                .OnBeforeResourceStarted((mtail, _, _) =>
                {
                    // Apache starts as root, so the folder is root's. The file is mtail's, whichever of the two opens it first.
                    builder.State().PassableFolder(Path.GetFileName(logs));
                    File.Open(log, StateFolder.Private(FileMode.OpenOrCreate)).Dispose();
                    OwnUser.Give(log, mtail);
                    return Task.CompletedTask;
                });

        return exporter
            .WithMetrics(port, inContainer: 3903)
            .WithHttpHealthCheck("/metrics")
            .WithArgs("--emit_prog_label=false", "--logtostderr")
            .WithReferenceRelationship(apache)
            // Apache creates the folder: an engine that has to mount a missing folder creates it, but not for Apache's user.
            .WaitFor(apache)
            .WithParentRelationship(apache)
            .WithIconName("Gauge");
    }

    private static IResourceBuilder<ExporterProcessResource> WithMtailsListenAddress(
        this IResourceBuilder<ExporterProcessResource> mtail) =>
        mtail
            .WithArgs("--address=127.0.0.1")
            .WithArgs(context =>
                context.Args.Add(ReferenceExpression.Create($"--port={mtail.GetEndpoint("http").Property(EndpointProperty.TargetPort)}")));

    private static IResourceBuilder<ExporterProcessResource> AddApacheExporterProcess(
        this IDistributedApplicationBuilder builder, string name)
    {
        var exporter = builder.AddExporterProcess(name, "prometheus-apache-exporter", "apache_exporter");
        // Before 1.0 (Debian 12 has 0.12) the flag had another name.
        return exporter.WithListenAddress(
            Help(builder.Programs().Require("prometheus-apache-exporter", "prometheus-apache-exporter", "apache_exporter"))
                .Contains("--telemetry.address", StringComparison.Ordinal)
                ? "--telemetry.address"
                : "--web.listen-address");
    }

    /// <summary>Adds the exporter of <paramref name="database"/>'s metrics, which logs in as the monitor.</summary>
    public static IResourceBuilder<IExporterResource> AddPostgresExporter(
        this IDistributedApplicationBuilder builder, string name, Database database, int port)
    {
        IResourceBuilder<IExporterResource> exporter = builder.RunsContainers()
            ? builder.AddPostgresExporterContainer(name, database)
            : builder.AddExporterProcess(name, "prometheus-postgres-exporter", "postgres_exporter").WithListenAddress()
                .WithArgs($"--extend.query-path={builder.State().ForEverybody(Path.GetFullPath(Queries, builder.AppHostDirectory))}");

        return exporter
            .WithMetrics(port, inContainer: 9187)
            .WithHttpHealthCheck("/")
            // Separate variables: in a single URL the password would have to be escaped.
            .WithEnvironment("DATA_SOURCE_URI", database.UriForComponents)
            .WithEnvironment("DATA_SOURCE_USER", Database.MonitorRole)
            .WithEnvironment("DATA_SOURCE_PASS", database.MonitorPassword)
            .WithReferenceRelationship(database.Owner)
            .WaitFor(database.Owner)
            .WithParentRelationship(database.Server)
            .WithIconName("Gauge");
    }

    private static IResourceBuilder<ExporterContainerResource> AddPostgresExporterContainer(
        this IDistributedApplicationBuilder builder, string name, Database database)
    {
        var exporter = builder.AddExporterContainer(name, ContainerImages.PostgresExporter)
            .WithBindMount(Queries, "/etc/postgres_exporter/queries.yaml", isReadOnly: true)
            .WithArgs("--extend.query-path=/etc/postgres_exporter/queries.yaml");
        if (database.Server.Resource is PostgresServerResource)
        {
            // Since version 17, checkpoints have their own view. An existing server may be older and would return an error.
            exporter.WithArgs("--collector.stat_checkpointer");
        }

        return database.IsOnThisMachine ? exporter.ReachesThisMachine() : exporter;
    }

    /// <summary>Adds the gateway for pushed metrics. They survive a restart.</summary>
    public static IResourceBuilder<IExporterResource> AddPushgateway(this IDistributedApplicationBuilder builder, string name, int port)
    {
        IResourceBuilder<IExporterResource> gateway = builder.RunsContainers()
            ? builder.AddExporterContainer(name, ContainerImages.Pushgateway)
                // The image's working directory, which its user owns.
                .WithKeptVolume("/pushgateway")
                .WithArgs("--persistence.file=/pushgateway/metrics")
            : builder.AddExporterProcess(name, "prometheus-pushgateway", "pushgateway")
                .WithListenAddress()
                .WithPrivateFolder()
                .WithArgs($"--persistence.file={builder.State().Combine(name, "metrics")}");

        return gateway
            .WithMetrics(port, inContainer: 9091)
            .WithHttpHealthCheck("/-/ready")
            .WithIconName("ArrowUpload");
    }

    private static IResourceBuilder<ExporterContainerResource> AddExporterContainer(
        this IDistributedApplicationBuilder builder, string name, ContainerImage image) =>
        builder.AddResource(new ExporterContainerResource(name)).WithImage(image);

    private static IResourceBuilder<ExporterProcessResource> AddExporterProcess(
        this IDistributedApplicationBuilder builder, string name, string package, string otherwise) =>
        builder.AddResource(new ExporterProcessResource(name, builder.Programs().Require(package, package, otherwise))).AsOwnUser();

    private static IResourceBuilder<IExporterResource> WithMetrics(
        this IResourceBuilder<IExporterResource> exporter, int port, int inContainer) =>
        exporter
            .WithHttpPort(port, inContainer)
            .WithUrlForEndpoint("http", url => (url.Url, url.DisplayText) = ("/metrics", "Metrics"));

    private static string Help(string program)
    {
        if (!File.Exists(program))
        {
            return "";
        }

        try
        {
            using var help = Process.Start(
                new ProcessStartInfo(program, ["--help"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = help.StandardError.ReadToEndAsync();
            return help.StandardOutput.ReadToEnd() + errors.Result;
        }
        catch (Win32Exception)
        {
            // This machine cannot run the program: its start will be reported as failed.
            return "";
        }
    }
}
