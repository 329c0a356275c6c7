using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Promethoide.AppHost;

/// <summary>Publishes the network for docker compose.</summary>
public static class ComposeBuilderExtensions
{
    internal const string ServicesNetwork = "services-net";
    internal const string OperationsNetwork = "operations-net";

    // The proxy in front, whose word about clients the services take, has an address of this network.
    internal const string ServicesSubnet = "${SERVICES_SUBNET}";

    // The names and defaults of what an operator sets.
    private const string Settings = "../deploy/.env.example";

    /// <summary>
    /// Publishes <c>docker-compose.yaml</c> and what it mounts: those who are watched on one network, those who watch on another, and Prometheus on both.
    /// With <c>--operation publish --step publish --output-path DEPLOY</c>, and a whole path.
    /// </summary>
    public static void AddCompose(this IDistributedApplicationBuilder builder)
    {
        var compose = builder.AddDockerComposeEnvironment("compose")
            .WithDashboard(false)
            .WithProperties(environment => environment.DefaultNetworkName = ServicesNetwork);

        // What is captured comes last, and says what the file's placeholders stand for.
        ComposeFile file = null!;
        compose.ConfigureComposeFile(complete => file = complete);
        compose.ConfigureEnvFile(captured =>
        {
            // As Aspire decides.
            var output = Path.GetFullPath(builder.Configuration["Pipeline:OutputPath"] ?? Path.Combine(builder.AppHostDirectory, "aspire-output"));
            var settings = ComposeSettings.Read(Path.Combine(builder.AppHostDirectory, Settings));
            Complete(file, builder.AppHostDirectory, output, captured);
            new Replicas(file, output).Write(settings);
            settings.Apply(file);
            settings.CopyTo(output);
            // Else Aspire writes a .env, which is the operator's.
            captured.Clear();
        });
    }

    private static void Complete(ComposeFile file, string appHost, string output, IDictionary<string, CapturedEnvironmentVariable> captured)
    {
        file.Networks[ServicesNetwork].Ipam = new() { Config = [new() { ["subnet"] = ServicesSubnet }] };
        file.AddNetwork(new() { Name = OperationsNetwork, Driver = "bridge" });

        foreach (var service in file.Services.Values)
        {
            // They open ways in run mode; see ContainerNetwork.
            service.Environment = service.Environment.Where(variable => !variable.Key.StartsWith("TARGET_", StringComparison.Ordinal)).ToDictionary();

            foreach (var (name, dependency) in service.DependsOn)
            {
                if (dependency.Condition == "service_started" && file.Services[name].Healthcheck is not null)
                {
                    dependency.Condition = "service_healthy";
                }
            }

            foreach (var (text, setting) in DatabaseBuilderExtensions.Published)
            {
                Replace(service, text, setting);
            }

            foreach (var (name, variable) in captured)
            {
                Replace(service, $"${{{name}}}", variable.Source switch
                {
                    ContainerMountAnnotation mount => FromDeploy(Path.GetFullPath(mount.Source!, appHost), appHost),
                    ParameterResource parameter => $"${{{SettingsExtensions.VariableOf(parameter.Name)}}}",
                    _ => $"${{{name}}}",
                });
            }

            // Older engines know no inline configs: files of their own.
            foreach (var folder in service.Configs.GroupBy(config => Path.GetDirectoryName(config.Target)!))
            {
                var source = Path.GetFileName(folder.Key);
                Rewrite(Path.Combine(output, source), folder.ToDictionary(config => Path.GetFileName(config.Target!), config => file.Configs[config.Source!].Content!));
                service.AddVolume(new() { Name = source, Type = "bind", Source = $"./{source}", Target = folder.Key, ReadOnly = true });
            }

            service.Configs = [];
        }

        file.Configs.Clear();
        file.Volumes.Clear();
        foreach (var volume in file.Services.Values.SelectMany(service => service.Volumes).Where(volume => volume.Type == "volume"))
        {
            // The project's name comes before it anyway.
            volume.Source = volume.Source!.Replace("promethoide-", "", StringComparison.Ordinal);
            file.Volumes.TryAdd(volume.Source, new() { Name = volume.Source, Driver = "local" });
        }
    }

    private static void Replace(Service service, string placeholder, string value)
    {
        service.Image = service.Image?.Replace(placeholder, value, StringComparison.Ordinal);
        foreach (var name in service.Environment.Keys)
        {
            service.Environment[name] = service.Environment[name].Replace(placeholder, value, StringComparison.Ordinal);
        }

        foreach (var volume in service.Volumes)
        {
            volume.Source = volume.Source?.Replace(placeholder, value, StringComparison.Ordinal);
        }
    }

    // What belongs to the checkout lies beside the folder of the file; what belongs to the machine has the same path everywhere.
    private static string FromDeploy(string path, string appHost)
    {
        var checkout = Path.GetFullPath("..", appHost) + Path.DirectorySeparatorChar;
        return path.StartsWith(checkout, StringComparison.Ordinal) ? $"../{path[checkout.Length..].Replace('\\', '/')}" : path;
    }

    internal static void Rewrite(string folder, IReadOnlyDictionary<string, string> files)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var (name, content) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), content);
        }
    }
}
