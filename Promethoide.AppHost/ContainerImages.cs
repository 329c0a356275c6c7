namespace Promethoide.AppHost;

/// <summary>A container image, pinned by its tag.</summary>
/// <param name="Name">The image on Docker Hub.</param>
/// <param name="Tag">Its tag, never <c>latest</c>.</param>
public sealed record ContainerImage(string Name, string Tag)
{
    /// <summary>The registry of all images.</summary>
    public const string Registry = "docker.io";
}

/// <summary>
/// Every image of the network, in one place, except Apache httpd's: <c>Promethoide.Web/Apache/Dockerfile</c> names it and builds on it.
/// Each tag was seen in public compose files and charts of others by November 2026.
/// </summary>
public static class ContainerImages
{
    private const string OwnTag = "local";

    /// <summary>Also the default of Aspire 13.5's own PostgreSQL integration.</summary>
    public static readonly ContainerImage Postgres = new("library/postgres", "18.3");

    /// <summary>The newest tag in wide use; v3.15.0 was seen too.</summary>
    public static readonly ContainerImage Prometheus = new("prom/prometheus", "v3.14.0");

    /// <summary>The whole Grafana; <c>grafana/grafana-oss</c> is no longer updated.</summary>
    public static readonly ContainerImage Grafana = new("grafana/grafana", "13.2.3");

    /// <summary>Prometheus' exporter of the machine's metrics.</summary>
    public static readonly ContainerImage NodeExporter = new("prom/node-exporter", "v1.12.1");

    /// <summary>Prometheus' prober.</summary>
    public static readonly ContainerImage BlackboxExporter = new("prom/blackbox-exporter", "v0.28.0");

    /// <summary>The Prometheus community's exporter; also on quay.io.</summary>
    public static readonly ContainerImage PostgresExporter = new("prometheuscommunity/postgres-exporter", "v0.19.1");

    /// <summary>The author's own image; 1.x, because 1.0 changed the flags.</summary>
    public static readonly ContainerImage ApacheExporter = new("lusotycoon/apache-exporter", "v1.1.1");

    /// <summary>Prometheus' gateway for jobs that end before they are scraped.</summary>
    public static readonly ContainerImage Pushgateway = new("prom/pushgateway", "v1.11.3");

    /// <summary>
    /// An image built from the Dockerfile in <paramref name="folder"/>, under a fixed name: otherwise each start would leave an image
    /// behind.
    /// </summary>
    internal static IResourceBuilder<T> WithOwnImage<T>(
        this IResourceBuilder<T> builder, string name, string folder) where T : ContainerResource
    {
        builder.WithImage(name, OwnTag).WithDockerfile(folder);
        foreach (var build in builder.Resource.Annotations.OfType<DockerfileBuildAnnotation>())
        {
            (build.ImageName, build.ImageTag) = (name, OwnTag);
        }

        return builder;
    }

    internal static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, ContainerImage image) where T : ContainerResource =>
        builder.WithImage(image.Name, image.Tag).WithImageRegistry(ContainerImage.Registry);
}
