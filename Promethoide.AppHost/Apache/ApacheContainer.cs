namespace Promethoide.AppHost;

/// <summary>Apache httpd as a container.</summary>
internal static class ApacheContainer
{
    private const string Image = "promethoide-apache";
    private const string LogFolder = "/usr/local/apache2/metrics";

    public static IResourceBuilder<ApacheContainerResource> AddApacheContainer(
        this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var state = builder.State();
        var logs = state.Combine(name, "metrics");
        return builder.AddResource(new ApacheContainerResource(name, logs))
            .WithOwnImage(Image, folder)
            .WithBindMount(logs, LogFolder)
            .WithEnvironment("APACHE_METRICS_LOG", $"{LogFolder}/requests.log")
            .OnBeforeResourceStarted((_, _, _) =>
            {
                // For the image's user, whatever its id on this machine; nobody else gets this far.
                state.PrivateFolder(name);
                StateFolder.OpenFolder(logs);
                return Task.CompletedTask;
            });
    }
}
