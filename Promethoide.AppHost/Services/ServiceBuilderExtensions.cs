using Aspire.Hosting.Docker.Resources.ComposeNodes;

namespace Promethoide.AppHost;

/// <summary>The endpoint for those who operate a service: metrics and health, apart from what it serves.</summary>
public static class OpsEndpoint
{
    /// <summary>The endpoint's name.</summary>
    public const string Name = "ops";
}

/// <summary>Promethoide's own services.</summary>
public static class ServiceBuilderExtensions
{
    // The variable that Promethoide.ServiceDefaults reads.
    private const string OpsPort = "OPS_PORT";

    // What .NET's own container images listen on.
    private const int PublicPortInContainer = 8080;

    private const string HomeInContainer = "/home/app";

    /// <summary>Adds a service that serves on one endpoint and answers those who operate it, its health check included, on another.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The service's name, which is also its name for service discovery.</param>
    /// <param name="port">The port on this machine.</param>
    /// <param name="opsPort">The port of the endpoint for operations, on this machine and in a container.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(this IDistributedApplicationBuilder builder, string name, int port, int opsPort)
        where TProject : IProjectMetadata, new()
    {
        return builder.AddOwnProject<TProject>(name)
            .InCompose<TProject>(megabytes: 384, service => service.Environment["TRUSTED_PROXIES"] = ComposeBuilderExtensions.ServicesSubnet)
            .WithHttpEndpoint(port, targetPort: builder.ExecutionContext.IsPublishMode ? PublicPortInContainer : null)
            .WithOps(opsPort)
            .WithIconName("CodeBlock")
            .WithUrlForEndpoint("http", url => url.DisplayText = name);
    }

    /// <summary>Adds a service that serves nobody and only answers those who operate it.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The service's name.</param>
    /// <param name="opsPort">The port of the endpoint for operations, on this machine and in a container.</param>
    public static IResourceBuilder<ProjectResource> AddWorker<TProject>(this IDistributedApplicationBuilder builder, string name, int opsPort)
        where TProject : IProjectMetadata, new() => builder.AddOwnProject<TProject>(name).InCompose<TProject>(megabytes: 192).WithOps(opsPort);

    private static IResourceBuilder<ProjectResource> WithOps(this IResourceBuilder<ProjectResource> service, int port)
    {
        service
            .WithHttpEndpoint(port, targetPort: service.ApplicationBuilder.ExecutionContext.IsPublishMode ? port : null, name: OpsEndpoint.Name)
            // Who refers to the service wants what it serves.
            .WithEndpoint(OpsEndpoint.Name, ops => ops.ExcludeReferenceEndpoint = true)
            .WithHttpHealthCheck("/health", endpointName: OpsEndpoint.Name)
            .WithUrlForEndpoint(OpsEndpoint.Name, url => (url.Url, url.DisplayText, url.DisplayLocation) = ("/metrics", "Metrics", UrlDisplayLocation.DetailsOnly))
            .WithUrlForEndpoint(OpsEndpoint.Name, _ => new() { Url = "/health", DisplayText = "Health", DisplayLocation = UrlDisplayLocation.DetailsOnly });

        return service.WithEnvironment(OpsPort, service.GetEndpoint(OpsEndpoint.Name).Property(EndpointProperty.TargetPort));
    }

    /// <summary>Adds a project that does one thing and ends.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="command">What it is told to do.</param>
    public static IResourceBuilder<ProjectResource> AddJob<TProject>(this IDistributedApplicationBuilder builder, string name, string command)
        where TProject : IProjectMetadata, new() => builder.AddOwnProject<TProject>(name).WithArgs(command)
            .InCompose(megabytes: 256, healthCheck: null, service =>
            {
                UseImage<TProject>(service);
                // The parts of the connection string, for programs in other languages.
                service.Environment = service.Environment.Where(variable => !variable.Key.StartsWith("PROMETHOIDE_", StringComparison.Ordinal)).ToDictionary();
            });

    /// <summary>
    /// When published, keeps what protects the web's forms in a volume: a form outlives a restart, and any of several replicas takes it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithKeptKeys(this IResourceBuilder<ProjectResource> web) => web.PublishAsDockerComposeService((_, service) =>
    {
        // The home folder of .NET's images belongs to the user that they run as; a new volume takes that over.
        service.Environment["DataProtection__KeysDirectory"] = $"{HomeInContainer}/keys";
        service.AddNamedVolume($"{service.Name}-keys", HomeInContainer);
    });

    // .NET's chiseled images have no shell and no wget: the program itself asks.
    private static IResourceBuilder<ProjectResource> InCompose<TProject>(this IResourceBuilder<ProjectResource> project, int megabytes, Action<Service>? more = null)
        where TProject : IProjectMetadata, new() => project.InCompose(megabytes, ["dotnet", $"{NameOf<TProject>()}.dll", "health"], service =>
        {
            UseImage<TProject>(service);
            // Empty: nobody is told. With the address of a collector, traces and logs go there.
            service.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = "${OTEL_EXPORTER_OTLP_ENDPOINT}";
            more?.Invoke(service);
        });

    // As ContainerRepository in Directory.Build.props says.
    private static void UseImage<TProject>(Service service) where TProject : IProjectMetadata, new() =>
        service.Image = ContainerImages.Own(NameOf<TProject>().ToLowerInvariant().Replace('.', '-'));

    private static string NameOf<TProject>() where TProject : IProjectMetadata, new() => Path.GetFileNameWithoutExtension(new TProject().ProjectPath);

    private static IResourceBuilder<ProjectResource> AddOwnProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new()
    {
        // Without a launch profile there are the endpoints that are written here, and no others. None is for HTTPS: no certificate is missed.
#pragma warning disable ASPIRECERTIFICATES001 // For evaluation only, says Aspire 13.5; without it each start warns of a missing certificate.
        var project = builder.AddProject<TProject>(name, launchProfileName: null).WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
        if (builder.ExecutionContext.IsPublishMode)
        {
            // Aspire would have the service believe every client's forwarded headers; Promethoide.ServiceDefaults believes those of TRUSTED_PROXIES.
            return project.DisableForwardedHeaders();
        }

        // Aspire lets traces show whole queries; here they hold document numbers.
        return project
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");
    }
}
