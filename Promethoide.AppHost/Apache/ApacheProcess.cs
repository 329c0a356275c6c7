namespace Promethoide.AppHost;

/// <summary>Apache httpd as a process, with the same configuration as its container.</summary>
internal static class ApacheProcess
{
    // Debian's folder first, then Fedora's and Arch's.
    private static readonly string[] ModuleFolders = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"];

    // The user that the distribution created for it; only root can switch users.
    private static readonly string[] Users = ["www-data", "apache", "http", "daemon"];

    public static IResourceBuilder<ApacheProcessResource> AddApacheProcess(
        this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var state = builder.State();
        // A separate folder: the log exporter runs as another user and may enter only this one.
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
                // A pid file left by a killed Apache may name a process that is someone else's by now: Apache would refuse to start.
                File.Delete(Path.Combine(state.PrivateFolder(name), "httpd.pid"));
                state.PassableFolder(logs);
                return Task.CompletedTask;
            });
    }
}
