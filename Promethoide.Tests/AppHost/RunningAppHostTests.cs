using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>The network as Aspire starts it, where a container engine and the images are.</summary>
public sealed class RunningAppHostTests
{
    // What the tunnel from containers to this machine is built on.
    private const string TunnelBase = "mcr.microsoft.com/azurelinux/base/core:3.0";

    // They take no part in what is tested here: without their images the rest is tested without them.
    private static readonly string[] Dispensable = ["grafana", "mailpit"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Everything_becomes_healthy_every_target_is_up_a_traveller_gets_through_Apache_drills_break_and_mend_and_a_stop_is_alarmed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var builder = await MakeAsync(cancellationToken);
        var absent = await LeaveOutWhatHasNoImageAsync(builder);

        await using var app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken).WaitAsync(Patience, cancellationToken);

        await app.ResourceNotifications.WaitForResourceAsync("migrations", KnownResourceStates.Finished, cancellationToken).WaitAsync(Patience, cancellationToken);
        foreach (var container in builder.Resources.Where(resource => resource is ContainerResource or ProjectResource && resource.Name != "migrations" && !IsLeftOut(resource)))
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(container.Name, cancellationToken).WaitAsync(Patience, cancellationToken);
        }

        using var prometheus = new HttpClient { BaseAddress = app.GetEndpoint("prometheus", "http") };
        var targets = await Eventually.GetAsync(
            () => TargetsAsync(prometheus),
            targets => targets.All(target => target.Health == "up" || absent.Contains(target.Job)),
            targets => string.Join("\n", targets.Where(target => target.Health != "up")));
        Assert.Contains(targets, target => target is { Job: "web", Health: "up" });
        await Eventually.GetAsync(() => SucceededAsync(prometheus), succeeded => succeeded == 4);

        using var apache = new HttpClient { BaseAddress = app.GetEndpoint("apache", "http") };
        Assert.Contains("<form", await apache.GetStringAsync(new Uri("/", UriKind.Relative), cancellationToken), StringComparison.Ordinal);
        var traveller = new { name = "Ada Lovelace", dni = "99887766Z", lodging = "Hotel Arts", declared_money = 900, flight_number = "AA123" };
        using var admission = await apache.PostAsJsonAsync("/api/immigration", traveller, cancellationToken);
        Assert.Equal(HttpStatusCode.Created, admission.StatusCode);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("prometheus", "reload", cancellationToken)).Success);
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("smoke", "run", cancellationToken)).Success);
        await DrillAsync("drill-errors", HttpStatusCode.InternalServerError);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("smoke", "run", cancellationToken)).Success);
        await DrillAsync("drill-slow", HttpStatusCode.OK);
        await DrillAsync("drill-mend", HttpStatusCode.OK);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("rest-api", KnownResourceCommands.StopCommand, cancellationToken)).Success);
        await Eventually.GetAsync(() => AlertsAsync(prometheus), alerts => alerts.Contains("ServiceDown of rest-api"), alerts => string.Join(", ", alerts));
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("rest-api", KnownResourceCommands.StartCommand, cancellationToken)).Success);
        await Eventually.GetAsync(() => AlertsAsync(prometheus), alerts => !alerts.Contains("ServiceDown of rest-api"), alerts => string.Join(", ", alerts));

        async Task DrillAsync(string command, HttpStatusCode expected)
        {
            var result = await app.ResourceCommands.ExecuteCommandAsync("rest-api", command, cancellationToken);
            Assert.True(result.Success, result.Message);
            using var answer = await apache.GetAsync(new Uri("/api/dni/12345678A", UriKind.Relative), cancellationToken);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    private static async Task<IDistributedApplicationTestingBuilder> MakeAsync(CancellationToken cancellationToken)
    {
        // Given, so that nothing is written where the developer's own generated passwords are.
        string[] secrets = ["grafana-admin-password", "postgres-password", "promethoide-api-password", "promethoide-monitor-password"];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
            [.. AppHostModel.NothingGiven, "--ports", "auto", .. secrets.Select(secret => $"--Parameters:{secret}={Guid.NewGuid():N}")], cancellationToken);

        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(new TestOutputLogger(TestContext.Current.TestOutputHelper!)));

        foreach (var resource in builder.Resources)
        {
            // The developer's own data are in those.
            foreach (var volume in resource.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == ContainerMountType.Volume).ToList())
            {
                resource.Annotations.Remove(volume);
            }
        }

        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            // No dashboard runs that would take telemetry; each service would wait for it when it stops.
            builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        }

        return builder;
    }

    /// <summary>Skips the test where the engine or an image is missing.</summary>
    private static async Task<IReadOnlyList<string>> LeaveOutWhatHasNoImageAsync(IDistributedApplicationTestingBuilder builder)
    {
        var engine = await ContainerEngine.FindAsync();
        Assert.SkipWhen(engine is null, "No container engine (docker, podman) answers.");

        var dockerfile = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "Promethoide.Web", "Apache", "Dockerfile"));
        var httpd = dockerfile.Single(line => line.StartsWith("FROM ", StringComparison.Ordinal))["FROM ".Length..];
        foreach (var image in (string[])[TunnelBase, httpd])
        {
            Assert.SkipUnless(await engine!.HasAsync(image), $"The image {image} cannot be had.");
        }

        var absent = new List<string>();
        foreach (var container in builder.Resources.OfType<ContainerResource>().Where(container => !container.HasAnnotationOfType<DockerfileBuildAnnotation>()).ToList())
        {
            var annotation = container.Annotations.OfType<ContainerImageAnnotation>().Single();
            var image = $"{annotation.Registry}/{annotation.Image}:{annotation.Tag}";
            if (!await engine!.HasAsync(image))
            {
                Assert.SkipUnless(Dispensable.Contains(container.Name), $"The image {image} cannot be had.");
                builder.CreateResourceBuilder(container).WithExplicitStart();
                absent.Add(container.Name);
            }
        }

        return absent;
    }

    private static bool IsLeftOut(IResource resource) => resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    private static async Task<IReadOnlyList<(string Job, string Health, string LastError)>> TargetsAsync(HttpClient prometheus)
    {
        var answer = await prometheus.GetFromJsonAsync<JsonElement>("/api/v1/targets?state=active");
        return
        [
            .. answer.GetProperty("data").GetProperty("activeTargets").EnumerateArray().Select(target => (
                target.GetProperty("labels").GetProperty("job").GetString()!,
                target.GetProperty("health").GetString()!,
                target.GetProperty("lastError").GetString()!)),
        ];
    }

    /// <summary>What is pending or fires.</summary>
    private static async Task<IReadOnlyList<string>> AlertsAsync(HttpClient prometheus)
    {
        var answer = await prometheus.GetFromJsonAsync<JsonElement>("/api/v1/alerts");
        return
        [
            .. answer.GetProperty("data").GetProperty("alerts").EnumerateArray()
                .Select(alert => alert.GetProperty("labels"))
                .Where(labels => labels.TryGetProperty("instance", out _))
                .Select(labels => $"{labels.GetProperty("alertname")} of {labels.GetProperty("instance")}"),
        ];
    }

    private static async Task<int> SucceededAsync(HttpClient prometheus)
    {
        var answer = await prometheus.GetFromJsonAsync<JsonElement>("/api/v1/query?query=probe_success==1");
        return answer.GetProperty("data").GetProperty("result").GetArrayLength();
    }
}
