using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>What is scraped and probed, and by which part; nothing is started.</summary>
public sealed partial class MonitoringModelTests : IAsyncLifetime
{
    private AppHostModel _model = null!;

    public async ValueTask InitializeAsync() => _model = await AppHostModel.MakeAsync();

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public async Task Every_job_of_Prometheus_has_a_target()
    {
        var configuration = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "monitoring", "prometheus", "prometheus.yml"), TestContext.Current.CancellationToken);
        var jobs = JobName().Matches(configuration).Select(match => match.Groups[1].Value);

        // Grafana notifies; without it, Alertmanager does.
        await using var processes = await AppHostModel.MakeAsync("processes", []);
        Assert.Equal(jobs.Except(["alertmanager"]).Order(), (await _model.TargetsAsync()).Select(target => target.Job).Distinct().Order());
        Assert.Equal(
            jobs.Except([processes.Names.Contains("grafana") ? "alertmanager" : "grafana"]).Order(),
            (await processes.TargetsAsync()).Select(target => target.Job).Distinct().Order());
    }

    [Theory]
    [InlineData("containers", "host")]
    [InlineData("processes", "here")]
    public async Task A_new_service_needs_one_line_to_be_scraped_and_one_to_be_probed_in_either_form(string form, string machine)
    {
        await using var model = await AppHostModel.MakeAsync(form, []);
        var visas = model.Builder.AddService<Projects.Promethoide_Api>("visas", port: 5003, opsPort: 9467);

        model.Builder.CreateResourceBuilder(model.Prometheus).Scrapes(visas);
        model.Builder.CreateResourceBuilder(model.Get<IBlackboxExporterResource>("blackbox-exporter")).Probes(visas, "/stamps");

        var targets = await model.TargetsAsync();
        Assert.Equal($"{machine}:9467", Assert.Single(targets, target => target.Job == "visas").Address);
        Assert.Equal(
            $"http://{machine}:5003/stamps", Assert.Single(targets, target => target.Instance == "visas/stamps").Labels["__param_target"]);
        // A container gets a route only to what its environment mentions.
        Assert.Equal(form == "containers", (await model.EnvironmentAsync("prometheus")).ContainsKey("TARGET_VISAS_OPS"));
        Assert.Equal(form == "containers", (await model.EnvironmentAsync("blackbox-exporter")).ContainsKey("TARGET_VISAS_HTTP"));
    }

    [Fact]
    public async Task The_files_of_targets_lie_beside_the_configuration_that_names_them()
    {
        await _model.TargetsAsync();
        var files = _model.Prometheus.Annotations.OfType<ContainerFileSystemCallbackAnnotation>().Single();
        var items = await files.Callback(new() { Model = _model.Prometheus, Services = null! }, TestContext.Current.CancellationToken);

        Assert.Contains("--config.file=/etc/prometheus/prometheus.yml", await _model.ArgumentsAsync("prometheus"));
        Assert.Equal("/etc/prometheus/targets", files.DestinationPath);
        var web = Assert.Single(items.OfType<ContainerFile>(), file => file.Name == "web.json");
        Assert.Contains("\"host:9465\"", web.Contents, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rest-api")]
    [InlineData("web")]
    public async Task A_service_answers_those_who_operate_it_apart_from_what_it_serves(string name)
    {
        var service = _model.Get<ProjectResource>(name);
        var ops = service.Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == OpsEndpoint.Name);

        Assert.True(ops.ExcludeReferenceEndpoint);
        Assert.Equal($"{{{name}.bindings.ops.targetPort}}", (await _model.EnvironmentAsync(name))["OPS_PORT"]);
        Assert.Equal(["http", "ops"], service.Annotations.OfType<EndpointAnnotation>().Select(endpoint => endpoint.Name).Order());
    }

    [Fact]
    public async Task Apache_is_told_where_the_services_are_and_nothing_of_their_operation()
    {
        var environment = await _model.EnvironmentAsync("apache");

        Assert.Equal("{web.bindings.http.url}", environment["WEB_HTTP"]);
        Assert.Equal("{rest-api.bindings.http.url}", environment["REST_API_HTTP"]);
        Assert.DoesNotContain(environment, variable => variable.Value.Contains("ops", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checkpoints_of_the_networks_own_PostgreSQL_are_read_where_its_version_counts_them()
    {
        Assert.Contains("--collector.stat_checkpointer", await _model.ArgumentsAsync("postgres-exporter"));
    }

    [Fact]
    public async Task The_exporter_of_PostgreSQL_logs_in_as_the_monitor_and_the_API_as_itself()
    {
        var exporter = await _model.EnvironmentAsync("postgres-exporter");
        Assert.Equal("{postgres.bindings.tcp.host}:{postgres.bindings.tcp.port}/promethoide?sslmode=disable", exporter["DATA_SOURCE_URI"]);
        Assert.Equal("promethoide_monitor", exporter["DATA_SOURCE_USER"]);
        Assert.Equal("{promethoide-monitor-password.value}", exporter["DATA_SOURCE_PASS"]);
        Assert.DoesNotContain(exporter.Values, value => value.Contains("{postgres-", StringComparison.Ordinal));

        Assert.Equal("{promethoide-api.connectionString}", (await _model.EnvironmentAsync("rest-api"))["ConnectionStrings__promethoide"]);
        var api = _model.Get<IResourceWithConnectionString>("promethoide-api").ConnectionStringExpression.ValueExpression;
        Assert.Contains("Username=promethoide_api;Password={promethoide-api-password.value};", api, StringComparison.Ordinal);

        Assert.Equal("{promethoide.connectionString}", (await _model.EnvironmentAsync("migrations"))["ConnectionStrings__promethoide"]);
        Assert.Equal(["migrate"], await _model.ArgumentsAsync("migrations"));
    }

    [GeneratedRegex(@"^\s*- job_name: (\S+)", RegexOptions.Multiline)]
    private static partial Regex JobName();
}
