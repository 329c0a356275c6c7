using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Promethoide.AppHost;
using Promethoide.Monitoring;
using Promethoide.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>The AppHost's model; nothing of it is started.</summary>
internal sealed class AppHostModel : IAsyncDisposable
{
    // In which values stay expressions.
    private static readonly DistributedApplicationExecutionContext Publishing = new(DistributedApplicationOperation.Publish);

    private AppHostModel(IDistributedApplicationTestingBuilder builder) => Builder = builder;

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IReadOnlyList<ContainerResource> Containers => [.. Builder.Resources.OfType<ContainerResource>()];

    public IPrometheusResource Prometheus => Builder.Resources.OfType<IPrometheusResource>().Single();

    /// <summary>Every part of the network: what is neither a parameter nor Aspire's own.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Builder.Resources
            .Where(resource => resource is not ParameterResource && !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal))
            .Select(resource => resource.Name)
            .Order(),
    ];

    /// <summary>The model with containers.</summary>
    /// <param name="arguments">As on the AppHost's command line; the names of <c>.env</c> too, as <c>--NAME=value</c>.</param>
    public static Task<AppHostModel> MakeAsync(params string[] arguments) => MakeAsync("containers", arguments);

    /// <summary>The model in one of the two forms.</summary>
    public static Task<AppHostModel> MakeAsync(string form, string[] arguments) => MakeAsync(form, ephemeral: true, arguments);

    /// <summary>The model in one of the two forms, of a network that keeps its data or does not.</summary>
    public static async Task<AppHostModel> MakeAsync(string form, bool ephemeral, string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
            ["--run", form, .. ephemeral ? (string[])["--ephemeral"] : [], .. RunningNetwork.NothingGiven, .. arguments],
            TestContext.Current.CancellationToken));

    public T Get<T>(string name) where T : IResource => Builder.Resources.OfType<T>().Single(resource => resource.Name == name);

    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name) =>
        (await ConfigurationOfAsync(Get<IResource>(name))).EnvironmentVariables.ToDictionary();

    public async Task<IReadOnlyList<string>> ArgumentsAsync(string name) =>
        [.. (await ConfigurationOfAsync(Get<IResource>(name))).Arguments.Select(argument => argument.Value)];

    /// <summary>
    /// What Prometheus is told to scrape; this machine is called <c>here</c> by processes, and <c>host</c> by containers.
    /// </summary>
    public Task<IReadOnlyList<ScrapeTarget>> TargetsAsync()
    {
        foreach (var endpoint in Builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>())
            .Where(endpoint => endpoint.AllocatedEndpoint is null))
        {
            endpoint.AllocatedEndpoint = new(endpoint, "here", endpoint.Port ?? 1);
            endpoint.AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(
                KnownNetworkIdentifiers.DefaultAspireContainerNetwork,
                new AllocatedEndpoint(
                    endpoint,
                    "host",
                    endpoint.Port ?? 1,
                    EndpointBindingMode.SingleAddress,
                    targetPortExpression: null,
                    KnownNetworkIdentifiers.DefaultAspireContainerNetwork));
        }

        return Prometheus.TargetsAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Builder.DisposeAsync();

    private static async Task<IExecutionConfigurationResult> ConfigurationOfAsync(IResource resource)
    {
        var configuration = await ExecutionConfigurationBuilder.Create(resource)
            .WithArgumentsConfig()
            .WithEnvironmentVariablesConfig()
            .BuildAsync(Publishing, NullLogger.Instance, TestContext.Current.CancellationToken);
        Assert.Null(configuration.Exception);
        return configuration;
    }
}
