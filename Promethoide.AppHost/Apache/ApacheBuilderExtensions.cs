namespace Promethoide.AppHost;

/// <summary>Adds Apache httpd.</summary>
public static class ApacheBuilderExtensions
{
    private const string Image = "promethoide-apache";
    private const string ImageTag = "local";

    // What httpd.conf listens on unless it is told otherwise.
    private const int PortInContainer = 8080;
    private const int StatusPortInContainer = 8081;

    /// <summary>Adds the httpd whose configuration and Dockerfile are in <paramref name="folder"/>; it finds the services by the references to them.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    /// <param name="statusPort">The port on this machine of the listener that is for monitoring only.</param>
    public static IResourceBuilder<ApacheResource> AddApache(this IDistributedApplicationBuilder builder, string name, string folder, int port, int statusPort)
    {
        var apache = builder.AddResource(new ApacheResource(name))
            .WithImage(Image, ImageTag)
            .WithDockerfile(folder)
            .WithHttpEndpoint(port, targetPort: PortInContainer)
            .WithEndpoint("http", http => http.IsExternal = true)
            .WithHttpEndpoint(statusPort, targetPort: StatusPortInContainer, name: ApacheResource.StatusEndpoint)
            .WithEndpoint(ApacheResource.StatusEndpoint, status => status.ExcludeReferenceEndpoint = true)
            .WithHttpHealthCheck("/server-status?auto", endpointName: ApacheResource.StatusEndpoint)
            // Neither wget nor curl is in httpd's image; bash is.
            .InCompose(megabytes: 256, ["bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{StatusPortInContainer} && printf 'GET /server-status?auto HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^Uptime:' <&3"], service =>
            {
                service.Image = ContainerImages.Own(Image);
                service.Ports = [$"${{APACHE_PORT}}:{PortInContainer}"];
                // Service discovery is .NET's; httpd.conf has names of its own.
                service.Environment = service.Environment.Where(variable => !variable.Key.StartsWith("services__", StringComparison.Ordinal)).ToDictionary();
                // The image's own folder for the pid file cannot be written to.
                service.Environment["APACHE_RUN_DIR"] = "/tmp";
            })
            .WithIconName("Globe")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Immigration desk")
            .WithUrlForEndpoint("http", _ => new() { Url = "/api/scalar", DisplayText = "API", DisplayLocation = UrlDisplayLocation.DetailsOnly })
            .WithUrlForEndpoint(ApacheResource.StatusEndpoint, url => (url.Url, url.DisplayText, url.DisplayLocation) = ("/server-status", "Status", UrlDisplayLocation.DetailsOnly));

        // Otherwise each start would leave an image of a name of its own behind.
        foreach (var build in apache.Resource.Annotations.OfType<DockerfileBuildAnnotation>())
        {
            (build.ImageName, build.ImageTag) = (Image, ImageTag);
        }

        return apache;
    }
}
