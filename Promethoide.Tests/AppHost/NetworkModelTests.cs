using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>What holds for all parts of the network; nothing is started.</summary>
public sealed partial class NetworkModelTests : IAsyncLifetime
{
    private AppHostModel _model = null!;

    public async ValueTask InitializeAsync() => _model = await AppHostModel.MakeAsync();

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public void Each_part_of_the_design_is_there()
    {
        Assert.Equal(
            [
                "apache", "apache-exporter", "apache-log-exporter", "blackbox-exporter", "grafana", "mail", "migrations", "node-exporter",
                "postgres", "postgres-exporter", "prometheus", "promethoide", "promethoide-api", "pushgateway", "rest-api", "smoke", "web",
            ],
            _model.Names);
    }

    [Fact]
    public void Every_container_has_a_health_check()
    {
        Assert.All(_model.Containers, container => Assert.True(container.HasAnnotationOfType<HealthCheckAnnotation>(), container.Name));
    }

    [Fact]
    public async Task As_a_process_each_part_has_the_name_endpoints_health_check_links_icon_and_commands_that_it_has_as_a_container()
    {
        await using var processes = await AppHostModel.MakeAsync("processes", []);

        Assert.Empty(processes.Containers);
        Assert.Equal(_model.Names.Except(["grafana"]), processes.Names.Except(["alertmanager", "dashboards", "grafana"]));
        foreach (var container in _model.Containers.Where(container => container.Name != "grafana"))
        {
            Assert.Equal(FaceOf(container), FaceOf(processes.Get<ExecutableResource>(container.Name)));
        }
    }

    [Fact]
    public async Task Whoever_refers_to_a_part_cannot_tell_which_form_it_has()
    {
        await using var processes = await AppHostModel.MakeAsync("processes", []);

        foreach (var name in (string[])["migrations", "rest-api", "web", "smoke"])
        {
            Assert.Equal(Shared(await _model.EnvironmentAsync(name)), Shared(await processes.EnvironmentAsync(name)));
        }

        // Each throw-away network has its own folder.
        static IEnumerable<KeyValuePair<string, string>> Shared(IReadOnlyDictionary<string, string> environment) =>
            environment.Where(variable => variable.Key != "DataProtection__KeysDirectory");
    }

    [Theory]
    [InlineData("apache", "httpd.conf")]
    [InlineData("prometheus", "--enable-feature=exemplar-storage")]
    [InlineData("blackbox-exporter", "blackbox.yml")]
    public async Task A_process_reads_the_configuration_of_the_repository(string name, string argument)
    {
        await using var processes = await AppHostModel.MakeAsync("processes", []);

        Assert.Contains(await processes.ArgumentsAsync(name), word => word.EndsWith(argument, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_is_reached_without_a_proxy_so_that_one_that_is_down_refuses()
    {
        await using var processes = await AppHostModel.MakeAsync("processes", []);

        Assert.All(
            HostPorts.Of(processes.Builder).Where(endpoint => endpoint.Name != "mail-smtp"),
            endpoint => Assert.False(endpoint.Endpoint.IsProxied, endpoint.Name));
    }

    [Fact]
    public async Task Processes_listen_on_loopback_only()
    {
        await using var processes = await AppHostModel.MakeAsync("processes", []);

        foreach (var name in (string[])
        [
            "prometheus", "node-exporter", "apache-exporter", "postgres-exporter", "blackbox-exporter", "pushgateway", "alertmanager",
        ])
        {
            Assert.Single(
                await processes.ArgumentsAsync(name),
                argument => argument.EndsWith($"=127.0.0.1:{{{name}.bindings.http.targetPort}}", StringComparison.Ordinal));
        }

        Assert.Contains("--address=127.0.0.1", await processes.ArgumentsAsync("apache-log-exporter"));
        var apache = await processes.EnvironmentAsync("apache");
        Assert.Equal(
            ("127.0.0.1:{apache.bindings.http.targetPort}", "127.0.0.1:{apache.bindings.status.targetPort}"),
            (apache["APACHE_LISTEN"], apache["APACHE_STATUS_LISTEN"]));
    }

    [Fact]
    public void Every_image_is_pinned_by_a_tag()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Repository.Root, "Promethoide.Web", "Apache", "Dockerfile"));
        Assert.Matches(@"^FROM docker\.io/library/httpd:\d+\.\d+\.\d+$", Line(dockerfile, "FROM"));

        Assert.All(_model.Containers, container =>
        {
            var image = container.Annotations.OfType<ContainerImageAnnotation>().Single();
            Assert.False(string.IsNullOrEmpty(image.Tag) || image.Tag == "latest", $"{container.Name}: {image.Image}:{image.Tag}");
        });
    }

    [Fact]
    public void What_is_mounted_from_the_repository_or_the_machine_exists_and_cannot_be_written_to()
    {
        var mounts = _model.Containers
            .SelectMany(container => container.Annotations.OfType<ContainerMountAnnotation>())
            // Apache writes its log for the log exporter to the network's state folder, which is created at start.
            .Where(mount =>
                mount.Type == ContainerMountType.BindMount && !mount.Source!.EndsWith("/apache/metrics", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(mounts);
        Assert.All(mounts, mount => Assert.True(mount.IsReadOnly && Path.Exists(mount.Source), $"{mount.Source} at {mount.Target}"));
    }

    [Fact]
    public async Task What_has_to_outlive_a_restart_is_in_a_volume_that_is_named_after_it_and_a_throw_away_has_none()
    {
        await using var kept = await AppHostModel.MakeAsync("containers", ephemeral: false, []);
        Assert.DoesNotContain(
            _model.Containers.SelectMany(container => container.Annotations.OfType<ContainerMountAnnotation>()),
            mount => mount.Type == ContainerMountType.Volume);
        var volumes = kept.Containers.SelectMany(container => container.Annotations.OfType<ContainerMountAnnotation>()
            .Where(mount => mount.Type == ContainerMountType.Volume)
            .Select(mount => $"{container.Name}: {mount.Source} at {mount.Target}"));

        Assert.Equal(
            [
                "grafana: promethoide-grafana at /var/lib/grafana",
                "postgres: promethoide-postgres at /var/lib/postgresql",
                "prometheus: promethoide-prometheus at /prometheus",
                "pushgateway: promethoide-pushgateway at /pushgateway",
            ],
            volumes.Order());
    }

    [Fact]
    public void Only_Apache_and_Grafana_can_be_reached_from_outside()
    {
        var external = _model.Builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.IsExternal)
            .Select(endpoint => $"{resource.Name} {endpoint.Name}"));

        Assert.Equal(["apache http", "grafana http"], external.Order());
    }

    [Fact]
    public void No_password_has_a_default()
    {
        var secrets = _model.Builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).ToList();

        Assert.Equal(
            [
                "grafana-admin-password", "postgres-password", "promethoide-api-password", "promethoide-monitor-password", "smoke-key",
                "supervisor-password", "supervisor-sign-in-token",
            ],
            secrets.Select(secret => secret.Name).Order());
        // AccessModelTests covers the other two.
        Assert.All(
            secrets.Where(secret => secret.Name.EndsWith("password", StringComparison.Ordinal)),
            secret => Assert.True(secret.Default is GenerateParameterDefault { MinLength: >= 24 }, secret.Name));
    }

    [Fact]
    public async Task Wherever_a_password_is_passed_on_it_is_a_secret_parameter()
    {
        foreach (var resource in _model.Builder.Resources.Where(resource => resource is IResourceWithEnvironment))
        {
            foreach (var (name, value) in await _model.EnvironmentAsync(resource.Name))
            {
                if (PasswordVariable().IsMatch(name))
                {
                    Assert.True(SecretParameter().IsMatch(value), $"{resource.Name}: {name}");
                }
            }
        }
    }

    [Fact]
    public void Every_parameter_says_what_it_is_for()
    {
        Assert.All(
            _model.Builder.Resources.OfType<ParameterResource>(),
            parameter => Assert.False(string.IsNullOrEmpty(parameter.Description), parameter.Name));
    }

    [Theory]
    [InlineData("migrations", "promethoide")]
    [InlineData("web", "rest-api")]
    [InlineData("apache", "web")]
    [InlineData("apache", "rest-api")]
    [InlineData("apache-exporter", "apache")]
    [InlineData("apache-log-exporter", "apache")]
    [InlineData("postgres-exporter", "promethoide")]
    [InlineData("grafana", "prometheus")]
    public void Waits_until_what_it_needs_is_healthy(string name, string needed)
    {
        Assert.Contains(
            _model.Get<IResource>(name).Annotations.OfType<WaitAnnotation>(),
            wait => wait.Resource.Name == needed && wait.WaitType == WaitType.WaitUntilHealthy);
    }

    [Fact]
    public void The_API_waits_until_the_migrations_have_succeeded()
    {
        Assert.Contains(
            _model.Get<IResource>("rest-api").Annotations.OfType<WaitAnnotation>(),
            wait => wait is { Resource.Name: "migrations", WaitType: WaitType.WaitForCompletion, ExitCode: 0 });
    }

    [Theory]
    [InlineData("apache-exporter", "apache")]
    [InlineData("apache-log-exporter", "apache")]
    [InlineData("postgres-exporter", "postgres")]
    public void An_exporter_is_shown_under_what_it_exports(string exporter, string exported)
    {
        Assert.Contains(
            _model.Get<IResource>(exporter).Annotations.OfType<ResourceRelationshipAnnotation>(),
            relationship => relationship.Type == "Parent" && relationship.Resource.Name == exported);
    }

    // What users and other parts of the network see of it.
    private static IReadOnlyList<string> FaceOf(IResource resource) =>
    [
        .. resource.Annotations.OfType<EndpointAnnotation>()
            .Select(endpoint =>
                $"endpoint {endpoint.Name} {endpoint.UriScheme} {endpoint.Port} {endpoint.IsExternal} {endpoint.ExcludeReferenceEndpoint}")
            .Order(),
        .. resource.Annotations.OfType<HealthCheckAnnotation>()
            .Select(check => $"health check {check.Key}")
            .Where(check => check != "health check postgres_check"),
        .. resource.Annotations.OfType<ResourceIconAnnotation>().Select(icon => $"icon {icon.IconName}"),
        .. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => $"command {command.Name}").Order(),
        .. resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().Select(_ => "link"),
        .. resource.Annotations.OfType<WaitAnnotation>().Select(wait => $"waits for {wait.Resource.Name}"),
    ];

    private static string Line(string text, string start) =>
        text.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal));

    [GeneratedRegex("PASS|SECRET|TOKEN|KEY$|^Keys__", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordVariable();

    [GeneratedRegex(@"^\{[a-z-]+\.value\}$")]
    private static partial Regex SecretParameter();
}
