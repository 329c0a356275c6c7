using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using k8s.Models;
using Promethoide.Tests.AppHost;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>The same network that the AppHost and compose start.</summary>
public sealed partial class ModelTests
{
    private static readonly PublishedCompose Compose = PublishedCompose.Read();

    // Somebody else runs these in production.
    private static readonly string[] OnlySmall = ["postgres", "mailpit"];

    // Needed only with several nodes; and what compose expresses differently, to accept two spellings of a name.
    private static readonly string[] OnlyHere = ["DataProtection__GenerateKeys"];
    private static readonly string[] OnlyCompose = ["GR_SMTP_HOST"];

    public static TheoryData<string> Overlays => Manifests.Overlays;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task It_has_every_part_that_the_AppHost_starts(string overlay)
    {
        await using var model = await AppHostModel.MakeAsync();
        var manifests = await Manifests.OfAsync(overlay);

        // The first two name the database for its two roles; Mailpit takes the place of mail here.
        Assert.Equal(
            model.Names.Except(["promethoide", "promethoide-api", "mail"])
                .Append("mailpit")
                .Where(name => overlay == "small" || !OnlySmall.Contains(name))
                .Order(),
            manifests.Workloads.SelectMany(workload => workload.Pod.Spec.Containers).Select(container => container.Name).Order());
        // Containers that restart together share a pod.
        Assert.All(
            manifests.Workloads,
            workload => Assert.Equal(
                workload.Name == "apache" ? ["apache", "apache-exporter", "apache-log-exporter"] : [workload.Name],
                workload.Pod.Spec.Containers.Select(container => container.Name)));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_part_has_the_image_of_the_AppHost_and_its_port(string overlay)
    {
        await using var model = await AppHostModel.MakeAsync();
        var manifests = await Manifests.OfAsync(overlay);

        foreach (var part in model.Containers.Where(part =>
            !part.HasAnnotationOfType<DockerfileBuildAnnotation>() && (overlay == "small" || !OnlySmall.Contains(part.Name))))
        {
            var (image, container) = (part.Annotations.OfType<ContainerImageAnnotation>().Single(), manifests.Container(part.Name));
            Assert.Equal($"{image.Registry}/{image.Image}:{image.Tag}", container.Image);
            Assert.Contains(
                part.Annotations.OfType<EndpointAnnotation>().First().TargetPort, container.Ports.Select(port => (int?)port.ContainerPort));
        }

        // The job's psql has the server's version.
        var images = manifests.Workloads.SelectMany(workload => workload.Containers).Select(container => container.Image).ToList();
        Assert.Equal(
            $"docker.io/library/postgres:{Promethoide.AppHost.ContainerImages.Postgres.Tag}",
            Assert.Single(images.Where(image => image.Contains("/postgres:", StringComparison.Ordinal)).Distinct()));
        Assert.All(
            images,
            image => Assert.Matches(
                @"^docker\.io/[a-z-]+/[a-z-]+:v?[0-9]+\.[0-9.]+$|^registry\.example\.org/border/promethoide-[a-z-]+:1\.0$", image));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_part_has_the_image_ports_arguments_and_memory_that_it_has_in_compose(string overlay)
    {
        foreach (var container in (await Manifests.OfAsync(overlay)).Workloads.SelectMany(workload => workload.Pod.Spec.Containers))
        {
            var service = Compose.Services[container.Name];
            Assert.Equal(ComposeImage().Replace(service["image"]!, ""), container.Image
                .Replace("registry.example.org/border/", "", StringComparison.Ordinal)
                .Replace(":1.0", "", StringComparison.Ordinal));
            Assert.Equal(service["mem_limit"]!.TrimEnd('m'), $"{container.Resources.Limits["memory"].ToDecimal() / 1024 / 1024:0}");
            Assert.Equal(
                service.List("expose").Concat(service.List("ports")).Select(port => Digits().Match(port).Value).Order(),
                (container.Ports ?? []).Select(port => port.ContainerPort.ToString(CultureInfo.InvariantCulture)).Order());
            // PostgreSQL's port is fixed here; Grafana's settings need no shell; node-exporter's command is its own list; Services spread
            // requests over replicas.
            if (container.Name is not ("postgres" or "grafana" or "node-exporter" or "apache"))
            {
                // More replicas produce more history, so Prometheus keeps twice as much here.
                Assert.Equal(
                    service.List("command")
                        .Select(argument => argument.Replace("http://apache:8081", "http://localhost:8081", StringComparison.Ordinal)),
                    (container.Args ?? [])
                        .Select(argument => argument.Replace("retention.size=16GB", "retention.size=8GB", StringComparison.Ordinal)));
            }
        }
    }

    [Fact]
    public async Task Node_exporter_finds_the_network_of_the_node_as_it_does_in_compose()
    {
        var (here, compose) = (
            (await Manifests.OfAsync("small")).Container("node-exporter"),
            Compose.Services["node-exporter"].List("command")
                .Select(argument => argument.Replace("$$", "$", StringComparison.Ordinal))
                .ToList());

        Assert.Equal(compose[1].Trim(), here.Args[0].Trim());
        Assert.Equal(compose[2..^1], here.Args.Skip(1).SkipLast(1));
        Assert.Equal(compose[^1].Replace(".+)($", ".+|var/lib/kubelet/pods/.+)($", StringComparison.Ordinal), here.Args[^1]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Each_part_has_the_settings_that_it_has_in_compose(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        foreach (var container in manifests.Workloads.SelectMany(workload => workload.Pod.Spec.Containers))
        {
            var environment = manifests.EnvironmentOf(container);
            var compose = Compose.Services[container.Name].Environment;
            // Variables that others are composed of.
            var pieces = container.Env
                ?.Where(variable =>
                    container.Env.Any(other => other.Value?.Contains($"$({variable.Name})", StringComparison.Ordinal) is true))
                .Select(variable => variable.Name)
                ?? [];

            // The job creates the roles.
            Assert.Equal(
                compose.Keys.Except(OnlyCompose)
                    .Except(OnlyHere)
                    .Except(container.Name == "postgres" ? ["PROMETHOIDE_API_PASSWORD", "PROMETHOIDE_MONITOR_PASSWORD"] : [])
                    .Order(),
                environment.Keys.Except(OnlyHere).Except(pieces).Order());
            Assert.All(
                compose.Where(variable => !variable.Value.Contains("${", StringComparison.Ordinal)
                    && !variable.Key.StartsWith("DataProtection__", StringComparison.Ordinal)
                    && environment.ContainsKey(variable.Key)),
                variable => Assert.Equal(variable.Value, environment[variable.Key]));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Only_the_migrations_are_the_owner_of_the_database(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);

        Assert.Contains(
            ";Username=promethoide_api;Password=<database api>;",
            manifests.EnvironmentOf(manifests.Container("rest-api"))["ConnectionStrings__promethoide"],
            StringComparison.Ordinal);
        Assert.Equal(("promethoide_monitor", "<database monitor>"), (
            manifests.EnvironmentOf(manifests.Container("postgres-exporter"))["DATA_SOURCE_USER"],
            manifests.EnvironmentOf(manifests.Container("postgres-exporter"))["DATA_SOURCE_PASS"]));
        Assert.Equal(overlay == "small" ? ["migrations", "postgres"] : ["migrations"], manifests.Workloads
            .Where(workload =>
                workload.Containers.Any(container =>
                    manifests.EnvironmentOf(container).Values.Any(value => value.Contains("<database owner>", StringComparison.Ordinal))))
            .Select(workload => workload.Name)
            .Order());
        // roles.sql reads these two.
        var roles = Assert.Single(manifests.Get<V1Job>("migrations").Spec.Template.Spec.InitContainers);
        Assert.Equal(
            ("<database api>", "<database monitor>"),
            (manifests.EnvironmentOf(roles)["PROMETHOIDE_API_PASSWORD"], manifests.EnvironmentOf(roles)["PROMETHOIDE_MONITOR_PASSWORD"]));
        Assert.Contains("--file /sql/roles.sql", roles.Args[0], StringComparison.Ordinal);
    }

    // Counts one extra replica during an update, the exporter's five connections, and the job.
    [Theory]
    [InlineData("small", 100)]
    [InlineData("production", 200)]
    public async Task PostgreSQL_has_a_connection_for_everybody(string overlay, int connections)
    {
        var manifests = await Manifests.OfAsync(overlay);
        const int Reserved = 3;

        var each = int.Parse(
            manifests.EnvironmentOf(manifests.Container("rest-api"))["Limits__DatabaseConnections"], CultureInfo.InvariantCulture);
        Assert.InRange(
            ((manifests.Get<V2HorizontalPodAutoscaler>("rest-api").Spec.MaxReplicas + 1) * each) + 5 + 1, each, connections - Reserved);
    }

    // On a single node.
    [Fact]
    public async Task The_README_says_what_it_requests()
    {
        var manifests = await Manifests.OfAsync("small");
        int Replicas(string name) =>
            manifests.All<V2HorizontalPodAutoscaler>().SingleOrDefault(scaler => scaler.Metadata.Name == name)?.Spec.MinReplicas
                ?? manifests.All<V1Deployment>().SingleOrDefault(deployment => deployment.Metadata.Name == name)?.Spec.Replicas
                ?? 1;
        decimal Requested(string resource) =>
            manifests.Workloads.Where(workload => workload.Kind != V1Job.KubeKind)
                .Sum(workload => Replicas(workload.Name)
                    * workload.Pod.Spec.Containers.Sum(container => container.Resources.Requests[resource].ToDecimal()));
        var volumes = manifests.All<V1PersistentVolumeClaim>()
            .Concat(manifests.All<V1StatefulSet>().SelectMany(set => set.Spec.VolumeClaimTemplates))
            .Sum(claim => claim.Spec.Resources.Requests["storage"].ToDecimal());
        const decimal Gibibyte = 1024 * 1024 * 1024;

        Assert.Contains(
            string.Create(
                CultureInfo.InvariantCulture,
                $"`small` requests {Requested("cpu"):0.0} processors, {Requested("memory") / Gibibyte:0.0} GiB of memory and "
                + $"{volumes / Gibibyte:0} GiB of volumes."),
            KubernetesReadme.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task The_desk_answers_to_its_own_name_and_to_those_who_watch_it(string overlay)
    {
        var manifests = await Manifests.OfAsync(overlay);
        var apache = manifests.EnvironmentOf(manifests.Container("apache"));

        Assert.Equal("border.example.org apache", apache["APACHE_ALLOWED_HOSTS"]);
        Assert.Equal(overlay == "production" ? "https" : "", apache["APACHE_FORWARDED_PROTO"]);
        Assert.Equal(
            ["border.example.org", "grafana.example.org"],
            manifests.All<V1Ingress>().SelectMany(ingress => ingress.Spec.Rules).Select(rule => rule.Host).Order());
        Assert.Equal(overlay == "production" ? ["border.example.org desk-tls", "grafana.example.org grafana-tls"] : [], manifests
            .All<V1Ingress>()
            .SelectMany(ingress => ingress.Spec.Tls ?? [])
            .Select(tls => $"{Assert.Single(tls.Hosts)} {tls.SecretName}")
            .Order());
        // Apache would answer 421 to a request by address, which is how the kubelet asks.
        var container = manifests.Container("apache");
        Assert.All([container.StartupProbe, container.ReadinessProbe, container.LivenessProbe], probe =>
            Assert.Equal(("Host", "localhost"), (probe.HttpGet.HttpHeaders.Single().Name, probe.HttpGet.HttpHeaders.Single().Value)));
    }

    [GeneratedRegex(@"^\$\{PROMETHOIDE_REGISTRY:-\}|:\$\{PROMETHOIDE_VERSION:-local\}$")]
    private static partial Regex ComposeImage();

    [GeneratedRegex(@"\d+$")]
    private static partial Regex Digits();
}
