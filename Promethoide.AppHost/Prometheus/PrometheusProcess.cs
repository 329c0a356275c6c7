using Promethoide.Monitoring;

namespace Promethoide.AppHost;

/// <summary>Prometheus as a process, on the repository's configuration, with its data in the network's state.</summary>
internal static class PrometheusProcess
{
    public static IResourceBuilder<PrometheusProcessResource> AddPrometheusProcess(
        this IDistributedApplicationBuilder builder, string name, string folder)
    {
        var state = builder.State();
        folder = state.ForEverybody(folder);
        return builder.AddResource(new PrometheusProcessResource(name, builder.Programs().Require("prometheus", "prometheus")))
            .AsOwnUser()
            .WithListenAddress()
            .WithArgs(
                $"--config.file={state.Combine(name, "prometheus.yml")}",
                $"--storage.tsdb.path={state.Combine(name, "data")}",
                $"--web.console.templates={Path.Combine(folder, "consoles")}")
            .OnBeforeResourceStarted(async (prometheus, _, cancellationToken) =>
            {
                // Prometheus looks for rules and targets beside its configuration. Through links it reads the repository's own files and
                // this network's targets.
                var own = state.PrivateFolder(name);
                foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
                {
                    var link = Path.Combine(own, Path.GetFileName(entry));
                    File.Delete(link);
                    File.CreateSymbolicLink(link, entry);
                }

                TargetFiles.Write(Path.Combine(own, "targets"), await prometheus.TargetsAsync(cancellationToken));
                OwnUser.Give(own, prometheus);
            });
    }
}
