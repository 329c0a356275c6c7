namespace Promethoide.AppHost;

/// <summary>Adds Apache httpd.</summary>
public static class ApacheBuilderExtensions
{
    /// <summary>
    /// Adds the httpd whose configuration and Dockerfile are in <paramref name="folder"/>; references to the services tell it where they
    /// are.
    /// </summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    /// <param name="statusPort">The port on this machine of the listener for monitoring.</param>
    public static IResourceBuilder<IApacheResource> AddApache(
        this IDistributedApplicationBuilder builder, string name, string folder, int port, int statusPort)
    {
        IResourceBuilder<IApacheResource> apache = builder.RunsContainers()
            ? builder.AddApacheContainer(name, folder)
            : builder.AddApacheProcess(name, Path.GetFullPath(folder, builder.AppHostDirectory));

        // The ports that httpd.conf listens on in the image.
        return apache
            .WithHttpPort(port, inContainer: 8080)
            .WithEndpoint("http", http => http.IsExternal = true)
            .WithHttpPort(statusPort, inContainer: 8081, name: IApacheResource.StatusEndpoint)
            .WithEndpoint(IApacheResource.StatusEndpoint, status => status.ExcludeReferenceEndpoint = true)
            // Not the desk's page: checking it every few seconds would count as traffic in the metrics.
            .WithHttpHealthCheck("/server-status?auto", endpointName: IApacheResource.StatusEndpoint)
            .WithIconName("Globe")
            .WithAllowedHosts()
            .WithUrlForEndpoint("http", url => url.DisplayText = "Immigration desk")
            .WithUrls(async context => context.Urls.Add(new()
            {
                Endpoint = apache.GetEndpoint("http"),
                Url = await builder.SignInPath().GetValueAsync(context.CancellationToken) ?? "/",
                DisplayText = "Immigration desk: sign in as supervisor, once",
            }))
            .WithUrlForEndpoint(
                "http", _ => new() { Url = "/api/scalar", DisplayText = "API", DisplayLocation = UrlDisplayLocation.DetailsOnly })
            .WithUrlForEndpoint(
                IApacheResource.StatusEndpoint,
                url => (url.Url, url.DisplayText, url.DisplayLocation) = ("/server-status", "Status", UrlDisplayLocation.DetailsOnly))
            .WithSummary("Immigration desk", builder.SignInPath(), builder.SignInNote())
            .WithSummary("REST API", ReferenceExpression.Create($"/api/scalar"), builder.AccessNote());
    }
}
