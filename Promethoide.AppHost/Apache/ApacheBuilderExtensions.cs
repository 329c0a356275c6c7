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
