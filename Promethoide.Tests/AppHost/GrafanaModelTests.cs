using Aspire.Hosting.ApplicationModel;
using Promethoide.AppHost;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>How Grafana is started. Where its image is missing, this is all that can be checked of it.</summary>
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
    [InlineData("GF_SERVER_ROOT_URL", "http://localhost:3000/")]
    [InlineData("GF_SMTP_ENABLED", "true")]
    [InlineData("GF_SMTP_HOST", "{mailpit.bindings.smtp.host}:{mailpit.bindings.smtp.port}")]
    [InlineData("GF_SMTP_STARTTLS_POLICY", "NoStartTLS")]
    [InlineData("GF_SMTP_FROM_ADDRESS", "{smtp-from-address.value}")]
    [InlineData("OPERATIONS_EMAILS", "{operations-emails.value}")]
    [InlineData("DEVELOPERS_EMAILS", "{developers-emails.value}")]
    [InlineData("PROMETHEUS_URL", "{prometheus.bindings.http.url}")]
    public async Task Its_environment_has(string name, string value)
    {
        Assert.Equal(value, (await _model.EnvironmentAsync("grafana"))[name]);
    }

    [Fact]
    public async Task Every_variable_that_its_provisioning_names_is_given()
    {
        var environment = await _model.EnvironmentAsync("grafana");
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "monitoring", "grafana", "provisioning", "datasources"));

        Assert.All(files, file => Assert.All(
            System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(file), @"(?<!\$)\$\{?([A-Z][A-Z_]+)").Select(match => match.Groups[1].Value),
            variable => Assert.Contains(variable, environment.Keys)));
    }

    [Fact]
    public void It_reads_the_repositorys_provisioning()
    {
        Assert.Contains(
            _model.Get<GrafanaResource>("grafana").Annotations.OfType<ContainerMountAnnotation>(),
            mount => mount.Target == "/etc/grafana/provisioning" && mount.IsReadOnly && mount.Source == Path.Combine(Repository.Root, "monitoring", "grafana", "provisioning"));
    }
}
