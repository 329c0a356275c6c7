namespace Promethoide.AppHost;

/// <summary>Apache httpd as a process, with the configuration that its container has too.</summary>
internal static class ApacheProcess
{
    // Debian's folder first, then Fedora's and Arch's.
    private static readonly string[] ModuleFolders = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];

    // Whoever the distribution made for it; only root can become somebody else.
    private static readonly string[] Users = ["www-data", "apache", "http", "daemon"];

    public static IResourceBuilder<ApacheProcessResource> AddApacheProcess(
        this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var state = builder.State();
        // A folder of its own: the log exporter is another user, and may enter this one only.
        var logs = $"{name}-log";
        var user = Array.Find(Users, Accounts.Exists) ?? "nobody";

        var apache = builder
            .AddResource(new ApacheProcessResource(name, builder.Programs().Require("apache2", "apache2", "httpd"), state.Combine(logs)))
            .WithArgs("-DFOREGROUND", "-d", folder, "-f", "httpd.conf")
            .WithEnvironment("APACHE_MODULES", Array.Find(ModuleFolders, Directory.Exists) ?? ModuleFolders[0])
            .WithEnvironment("APACHE_RUN_DIR", state.Combine(name))
            .WithEnvironment("APACHE_METRICS_LOG", state.Combine(logs, IApacheResource.RequestLog))
            .WithEnvironment("APACHE_RUN_USER", user)
            .WithEnvironment("APACHE_RUN_GROUP", Accounts.GroupOf(user))
            .WithEnvironment("APACHE_ERRORS", state.ForEverybody(Path.Combine(folder, "errors")));

        return apache
            .WithEnvironment("APACHE_LISTEN", $"127.0.0.1:{apache.GetEndpoint("http").Property(EndpointProperty.TargetPort)}")
            .WithEnvironment(
                "APACHE_STATUS_LISTEN",
                $"127.0.0.1:{apache.GetEndpoint(IApacheResource.StatusEndpoint).Property(EndpointProperty.TargetPort)}")
            .OnBeforeResourceStarted((_, _, _) =>
            {
                // One that a killed Apache left names a process number that somebody else may have by now: Apache would refuse to start.
                File.Delete(Path.Combine(state.PrivateFolder(name), "httpd.pid"));
                state.PassableFolder(logs);
                return Task.CompletedTask;
            });
    }
}
