using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Promethoide.Tests.Deploy;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>
/// The network as the AppHost starts it when a container engine is available, on the stand-in images. Grafana is left out: no Debian
/// package can stand in for its image.
/// </summary>
public sealed class ContainerNetwork : IAsyncDisposable
{
    public const string LeftOut = "grafana";

    // Aspire puts this label on everything that it creates in the engine.
    private const string AspiresMark = "label=com.microsoft.developer.usvc-dev.creatorProcessId";

    private readonly Lazy<Task<NetworkUnderTest>> _network;
    private IReadOnlyList<string> _before = [];

    public ContainerNetwork(StandIns standIns) => _network = new(() => StartAsync(standIns));

    /// <summary>The network, started on first use; skips the test where it cannot run.</summary>
    internal Task<NetworkUnderTest> RunningAsync() => _network.Value;

    /// <summary>What the engine has now and did not have before the start.</summary>
    internal async Task<IReadOnlyList<string>> OwnInEngineAsync() => [.. (await InEngineAsync()).Except(_before)];

    /// <summary>Stops the network.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_network is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _network.Value).DisposeAsync();
        }
    }

    private async Task<NetworkUnderTest> StartAsync(StandIns standIns)
    {
        await standIns.ForAspireAsync();
        _before = await InEngineAsync();
        return await NetworkUnderTest.StartContainersAsync(UseStandIns);
    }

    private static void UseStandIns(IDistributedApplicationTestingBuilder builder)
    {
        foreach (var container in builder.Resources.OfType<ContainerResource>().ToList())
        {
            if (container.Name == LeftOut)
            {
                builder.CreateResourceBuilder(container).WithExplicitStart();
                continue;
            }

            // Images that the AppHost builds from a Dockerfile have already been built from it, on the stand-in for the base image.
            var built = container.Annotations.OfType<DockerfileBuildAnnotation>().SingleOrDefault();
            var image = built is null ? container.Name : $"{built.ImageName}:{built.ImageTag}";
            foreach (var annotation in container.Annotations
                .Where(annotation => annotation is DockerfileBuildAnnotation or ContainerImageAnnotation)
                .ToList())
            {
                container.Annotations.Remove(annotation);
            }

            var (name, tag) = image.Split(':') is [var first, var second] ? (first, second) : (image, "latest");
            container.Annotations.Add(new ContainerImageAnnotation { Image = $"{StandIns.Prefix}/{name}", Tag = tag });
            builder.CreateResourceBuilder(container).WithImagePullPolicy(ImagePullPolicy.Never);
        }
    }

    private static async Task<IReadOnlyList<string>> InEngineAsync() =>
    [
        .. await ListAsync("container", "--all", "--filter", AspiresMark, "--format", "container {{.Names}}"),
        .. await ListAsync("network", "--filter", AspiresMark, "--format", "network {{.Name}}"),
        .. await ListAsync("volume", "--format", "volume {{.Name}}"),
    ];

    private static async Task<string[]> ListAsync(string kind, params string[] arguments) =>
        (await Tool.MustRunAsync("docker", [kind, "ls", .. arguments])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
