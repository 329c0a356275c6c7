using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Promethoide.AppHost;

/// <summary>How a part runs when it is published. A <c>${NAME}</c> in what is said here is a setting of <c>deploy/.env.example</c>.</summary>
internal static class ComposeServiceExtensions
{
    /// <summary>
    /// Among the services, restarted whenever it ends, in a container that may do nothing special and writes nowhere but to <c>/tmp</c> and its volumes.
    /// </summary>
    /// <param name="resource">The part.</param>
    /// <param name="megabytes">Its memory at most, in MiB.</param>
    /// <param name="healthCheck">The command that ends with 0 when it is healthy, and is in its image; null for a job.</param>
    /// <param name="more">What else is different about it.</param>
    public static IResourceBuilder<T> InCompose<T>(this IResourceBuilder<T> resource, int megabytes, string[]? healthCheck, Action<Service>? more = null)
        where T : IComputeResource => resource.PublishAsDockerComposeService((_, service) =>
        {
            service.Restart = healthCheck is null ? "no" : "unless-stopped";
            service.ReadOnly = true;
            service.Tmpfs = ["/tmp"];
            service.CapDrop = ["ALL"];
            service.SecurityOpt = ["no-new-privileges:true"];
            service.Deploy = new() { Resources = new() { Limits = new() { Memory = $"{megabytes}M" } } };
            service.Logging = new() { Driver = "json-file", Options = { ["max-size"] = "10m", ["max-file"] = "3" } };
            if (healthCheck is not null)
            {
                service.Healthcheck = new() { Test = ["CMD", .. healthCheck], Interval = "10s", Timeout = "5s", Retries = 3, StartPeriod = "60s" };
            }

            more?.Invoke(service);
        });

    /// <summary>Asks for a path of the container's own HTTP server; for images that have wget, as Prometheus' own and Alpine's do.</summary>
    public static string[] Answers(int port, string path) => ["wget", "-q", "-O", "/dev/null", $"http://127.0.0.1:{port}{path}"];

    /// <summary>Adds a volume that only the published part has.</summary>
    public static void AddNamedVolume(this Service service, string name, string target) =>
        service.AddVolume(new() { Name = name, Type = "volume", Source = name, Target = target, ReadOnly = false });
}
