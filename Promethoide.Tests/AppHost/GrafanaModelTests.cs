using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>How Grafana is started. Without its image, this is all that can be tested.</summary>
public sealed class GrafanaModelTests : IAsyncLifetime
{
    private AppHostModel _model = null!;

    public async ValueTask InitializeAsync() => _model = await AppHostModel.MakeAsync();

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Theory]
    [InlineData("GF_SECURITY_ADMIN_PASSWORD", "{grafana-admin-password.value}")]
    [InlineData("GF_AUTH_ANONYMOUS_ENABLED", "false")]
    [InlineData("GF_USERS_ALLOW_SIGN_UP", "false")]
    [InlineData("GF_SECURITY_DISABLE_GRAVATAR", "true")]
    [InlineData("GF_SNAPSHOTS_EXTERNAL_ENABLED", "false")]
    [InlineData("GF_ANALYTICS_REPORTING_ENABLED", "false")]
    [InlineData("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")]
    [InlineData("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false")]
    [InlineData("GF_PLUGINS_PREINSTALL_DISABLED", "true")]
    [InlineData("GF_SERVER_ROOT_URL", "{grafana.bindings.http.url}/")]
    [InlineData("GF_SMTP_ENABLED", "true")]
    [InlineData("GF_SMTP_HOST", "{mail.bindings.smtp.host}:{mail.bindings.smtp.port}")]
    [InlineData("GF_SMTP_STARTTLS_POLICY", "NoStartTLS")]
    [InlineData("GF_SMTP_FROM_ADDRESS", "{smtp-from-address.value}")]
    [InlineData("OPERATIONS_EMAILS", "{operations-emails.value}")]
    [InlineData("DEVELOPERS_EMAILS", "{developers-emails.value}")]
    [InlineData("PROMETHEUS_URL", "{prometheus.bindings.http.url}")]
    [InlineData("DASHBOARDS_PATH", "/var/lib/grafana/dashboards")]
    [InlineData("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", "/var/lib/grafana/dashboards/overview.json")]
    public async Task Its_environment_has(string name, string value)
    {
        Assert.Equal(value, (await _model.EnvironmentAsync("grafana"))[name]);
    }

    [Fact]
    public async Task Its_exemplars_lead_to_the_Aspire_dashboard()
    {
        _model.Builder.Configuration["ASPNETCORE_URLS"] = "http://localhost:18000;http://localhost:18001";

        Assert.Equal("http://localhost:18000", (await _model.EnvironmentAsync("grafana"))["TRACES_URL"]);
    }

    [Fact]
    public async Task Every_variable_that_its_provisioning_names_is_given()
    {
        var environment = await _model.EnvironmentAsync("grafana");

        Assert.All(Repository.VariablesOfTheProvisioning(), variable => Assert.Contains(variable, environment.Keys));
    }

    [Theory]
    [InlineData("provisioning", "/etc/grafana/provisioning")]
    [InlineData("dashboards", "/var/lib/grafana/dashboards")]
    public void It_reads_the_repositorys(string folder, string target)
    {
        Assert.Contains(
            _model.Get<GrafanaContainerResource>("grafana").Annotations.OfType<ContainerMountAnnotation>(),
            mount => mount.Target == target
                && mount.IsReadOnly
                && mount.Source == Path.Combine(Repository.Root, "monitoring", "grafana", folder));
    }

    [Fact]
    public async Task Each_dashboard_is_one_click_away()
    {
        var grafana = _model.Get<GrafanaContainerResource>("grafana");
        var endpoint = grafana.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 3000);
        var urls = new List<ResourceUrlAnnotation> { new() { Url = "http://localhost:3000", Endpoint = grafana.GetEndpoint("http") } };
        var context = new ResourceUrlsCallbackContext(
            new(DistributedApplicationOperation.Run), grafana, urls, TestContext.Current.CancellationToken);
        foreach (var callback in grafana.Annotations.OfType<ResourceUrlsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        var dashboards = Directory.GetFiles(Path.Combine(Repository.Root, "monitoring", "grafana", "dashboards"), "*.json")
            .Select(file => JsonNode.Parse(File.ReadAllText(file))!)
            .ToList();
        Assert.NotEmpty(dashboards);
        Assert.All(
            dashboards,
            dashboard =>
                Assert.Contains(urls, url => url.Url.EndsWith($"/d/{dashboard["uid"]}", StringComparison.Ordinal)
                    && url.DisplayText == (string?)dashboard["title"]));
    }
}
