using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Promethoide.AppHost;
using Promethoide.Monitoring;
using Promethoide.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>The AppHost's model; nothing is started.</summary>
internal sealed class AppHostModel : IAsyncDisposable
{
    // In publish mode, values stay expressions.
    private static readonly DistributedApplicationExecutionContext Publishing = new(DistributedApplicationOperation.Publish);

    private AppHostModel(IDistributedApplicationTestingBuilder builder) => Builder = builder;

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IReadOnlyList<ContainerResource> Containers => [.. Builder.Resources.OfType<ContainerResource>()];

    public IPrometheusResource Prometheus => Builder.Resources.OfType<IPrometheusResource>().Single();

    /// <summary>Every part of the network: everything except parameters and Aspire's own resources.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Builder.Resources
            .Where(resource => resource is not ParameterResource && !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal))
            .Select(resource => resource.Name)
            .Order(),
    ];

    /// <summary>The model with containers.</summary>
    /// <param name="arguments">As on the AppHost's command line; names from <c>.env</c> are accepted too, as <c>--NAME=value</c>.</param>
    public static Task<AppHostModel> MakeAsync(params string[] arguments) => MakeAsync("containers", arguments);

    /// <summary>The model in either form.</summary>
    public static Task<AppHostModel> MakeAsync(string form, string[] arguments) => MakeAsync(form, ephemeral: true, arguments);

    /// <summary>The model in either form, for a network that keeps its data or does not.</summary>
    public static async Task<AppHostModel> MakeAsync(string form, bool ephemeral, string[] arguments) =>
        new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
            ["--run", form, .. ephemeral ? (string[])["--ephemeral"] : [], .. RunningNetwork.NothingGiven, .. arguments],
            TestContext.Current.CancellationToken));

    public T Get<T>(string name) where T : IResource => Builder.Resources.OfType<T>().Single(resource => resource.Name == name);

    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name) =>
        (await ConfigurationOfAsync(Get<IResource>(name))).EnvironmentVariables.ToDictionary();

    public async Task<IReadOnlyList<string>> ArgumentsAsync(string name) =>
        [.. (await ConfigurationOfAsync(Get<IResource>(name))).Arguments.Select(argument => argument.Value)];

    /// <summary>What Prometheus is configured to scrape; processes call this machine <c>here</c>, containers call it <c>host</c>.</summary>
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
