namespace Promethoide.AppHost;

/// <summary>Grafana as a process, where it is installed; the network's state keeps users, silences and the history of alerts.</summary>
internal static class GrafanaProcess
{
    // Where the distributions' packages install the files that Grafana needs besides its program.
    private const string PackageHome = "/usr/share/grafana";

    public static IResourceBuilder<GrafanaProcessResource> AddGrafanaProcess(
        this IDistributedApplicationBuilder builder, string name, string program, string folder)
    {
        var data = builder.State().Combine(name);
        folder = builder.State().ForEverybody(folder);
        var grafana = builder.AddResource(new GrafanaProcessResource(name, program))
            .AsOwnUser()
            .WithArgs("server", $"--homepath={HomeOf(program)}")
            .WithPrivateFolder()
            .WithDashboardsIn(Path.Combine(folder, "dashboards"))
            .WithEnvironment("GF_PATHS_PROVISIONING", Path.Combine(folder, "provisioning"))
            .WithEnvironment("GF_PATHS_DATA", data)
            .WithEnvironment("GF_PATHS_LOGS", Path.Combine(data, "log"))
            .WithEnvironment("GF_PATHS_PLUGINS", Path.Combine(data, "plugins"))
            .WithEnvironment("GF_SERVER_HTTP_ADDR", "127.0.0.1");
        return grafana.WithEnvironment("GF_SERVER_HTTP_PORT", grafana.GetEndpoint("http").Property(EndpointProperty.TargetPort));
    }

    /// <exception cref="DistributedApplicationException">Only the program is installed.</exception>
    private static string HomeOf(string program)
    {
        var real = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        var unpacked = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(real)!, ".."));
        return ((string[])[unpacked, PackageHome]).FirstOrDefault(home => File.Exists(Path.Combine(home, "conf", "defaults.ini")))
            ?? throw new DistributedApplicationException(
                $"{program} is installed, but its conf/defaults.ini is neither under {unpacked} nor under {PackageHome}. Take grafana "
                + "off PATH, or install it whole.");
    }
}
