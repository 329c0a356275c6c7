namespace Promethoide.AppHost;

/// <summary>A service's endpoint for operations: metrics and health, separate from what it serves.</summary>
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

    /// <summary>Adds a service with one endpoint for its clients and another for operations, including its health check.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The service's name, which is also its name for service discovery.</param>
    /// <param name="port">The port on this machine.</param>
    /// <param name="opsPort">The port on this machine of the endpoint for operations.</param>
    public static IResourceBuilder<ProjectResource> AddService<TProject>(
        this IDistributedApplicationBuilder builder, string name, int port, int opsPort)
        where TProject : IProjectMetadata, new() =>
        builder.AddOwnProject<TProject>(name)
            .WithOwnPort(port)
            .WithOps(opsPort)
            .WithIconName("CodeBlock")
            .WithUrlForEndpoint("http", url => url.DisplayText = name);

    /// <summary>Adds a service without clients, which has only an endpoint for operations.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The service's name.</param>
    /// <param name="opsPort">The port on this machine of the endpoint for operations.</param>
    public static IResourceBuilder<ProjectResource> AddWorker<TProject>(
        this IDistributedApplicationBuilder builder, string name, int opsPort)
        where TProject : IProjectMetadata, new() => builder.AddOwnProject<TProject>(name).WithOps(opsPort);

    /// <summary>Adds a project that runs once and exits.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The job's name.</param>
    /// <param name="command">Its command.</param>
    public static IResourceBuilder<ProjectResource> AddJob<TProject>(
        this IDistributedApplicationBuilder builder, string name, string command)
        where TProject : IProjectMetadata, new() => builder.AddOwnProject<TProject>(name).WithArgs(command).AsJob();

    /// <summary>Keeps the keys that protect the web's forms in the network's state: a form survives a restart.</summary>
    public static IResourceBuilder<ProjectResource> WithDataProtectionVolume(this IResourceBuilder<ProjectResource> web)
    {
        var state = web.ApplicationBuilder.State();
        var folder = $"{web.Resource.Name}-keys";
        return web
            .WithEnvironment("DataProtection__KeysDirectory", state.Combine(folder))
            .OnBeforeResourceStarted((resource, _, _) =>
            {
                OwnUser.Give(state.PrivateFolder(folder), resource);
                return Task.CompletedTask;
            });
    }

    private static IResourceBuilder<ProjectResource> WithOps(this IResourceBuilder<ProjectResource> service, int port)
    {
        service
            .WithOwnPort(port, OpsEndpoint.Name)
            // A reference to the service means what it serves.
            .WithEndpoint(OpsEndpoint.Name, ops => ops.ExcludeReferenceEndpoint = true)
            .WithHttpHealthCheck("/health", endpointName: OpsEndpoint.Name)
            .WithUrlForEndpoint(
                OpsEndpoint.Name,
                url => (url.Url, url.DisplayText, url.DisplayLocation) = ("/metrics", "Metrics", UrlDisplayLocation.DetailsOnly))
            .WithUrlForEndpoint(
                OpsEndpoint.Name, _ => new() { Url = "/health", DisplayText = "Health", DisplayLocation = UrlDisplayLocation.DetailsOnly });

        return service.WithEnvironment(OpsPort, service.GetEndpoint(OpsEndpoint.Name).Property(EndpointProperty.TargetPort));
    }

    private static IResourceBuilder<ProjectResource> AddOwnProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() =>
        // Without a launch profile only these endpoints exist. None is for HTTPS: no certificate is missing. Experimental, according to
        // Aspire 13.6; without it each start warns of a missing certificate.
#pragma warning disable ASPIRECERTIFICATES001
        builder.AddProject<TProject>(name, launchProfileName: null).WithoutHttpsCertificate()
#pragma warning restore ASPIRECERTIFICATES001
            .AsOwnUser()
            // Aspire would have the service trust every client's forwarded headers; Promethoide.ServiceDefaults trusts those of loopback
            // and TRUSTED_PROXIES.
            .DisableForwardedHeaders()
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            // Its configuration does not change while it runs, and a machine has few inotify instances (128 per user).
            .WithEnvironment("DOTNET_hostBuilder__reloadConfigOnChange", "false")
            // With it, a service whose dashboard is gone retries for ten seconds before it ends.
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "")
            // Aspire shows whole queries in traces; here they contain document numbers.
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "false")
            .WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "false");
}
