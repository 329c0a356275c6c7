using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Promethoide.AppHost;
using Promethoide.Monitoring;

namespace Promethoide.Tests.AppHost;

/// <summary>The AppHost's model; nothing of it is started. Made for publishing, since values then stay expressions.</summary>
internal sealed class AppHostModel : IAsyncDisposable
{
    private static readonly DistributedApplicationExecutionContext Publishing = new(DistributedApplicationOperation.Publish);

    private AppHostModel(IDistributedApplicationTestingBuilder builder) => Builder = builder;

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IReadOnlyList<ContainerResource> Containers => [.. Builder.Resources.OfType<ContainerResource>()];

    public PrometheusResource Prometheus => Builder.Resources.OfType<PrometheusResource>().Single();

    /// <summary>Every part of the network: what is not a parameter.</summary>
    public IReadOnlyList<string> Names => [.. Builder.Resources.Where(resource => resource is not (ParameterResource or IComputeEnvironmentResource)).Select(resource => resource.Name).Order()];

    /// <param name="arguments">As on the AppHost's command line; the names of <c>.env</c> too, as <c>--NAME=value</c>.</param>
    public static async Task<AppHostModel> MakeAsync(params string[] arguments) => new(await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
        ["--operation", "publish", "--step", "publish", .. NothingGiven, .. arguments], TestContext.Current.CancellationToken));

    /// <summary>Arguments that hide what this machine's environment and <c>.env</c> have; nor are files watched, of which a machine allows few.</summary>
    public static IEnumerable<string> NothingGiven =>
        [.. SettingsExtensions.Names.Select(name => $"--{name.Variable}="), "--EnvFile=does-not-exist", "--hostBuilder:reloadConfigOnChange=false"];

    public T Get<T>(string name) where T : IResource => Builder.Resources.OfType<T>().Single(resource => resource.Name == name);

    public async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(string name) =>
        (await ConfigurationOfAsync(Get<IResource>(name))).EnvironmentVariables.ToDictionary();

    public async Task<IReadOnlyList<string>> ArgumentsAsync(string name) =>
        [.. (await ConfigurationOfAsync(Get<IResource>(name))).Arguments.Select(argument => argument.Value)];

    public Task<IReadOnlyList<ScrapeTarget>> TargetsAsync() =>
        PrometheusBuilderExtensions.TargetsOf(Prometheus, Publishing, TestContext.Current.CancellationToken);

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
