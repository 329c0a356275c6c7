using System.Text.Json;

namespace Promethoide.AppHost;

/// <summary>Adds Grafana.</summary>
public static class GrafanaBuilderExtensions
{
    private const string DashboardsFolder = "/var/lib/grafana/dashboards";
    private const string HomeDashboard = "overview.json";

    // As in Properties/launchSettings.json.
    private const string DefaultDashboard = "http://localhost:18888";

    /// <summary>Adds a Grafana with everything provisioned; the volume keeps users, silences and the history of alerts.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder with <c>provisioning</c> and <c>dashboards</c>, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<GrafanaResource> AddGrafana(this IDistributedApplicationBuilder builder, string name, string folder, int port)
    {
        var password = builder.AddSecret($"{name}-admin-password", "The password of Grafana's user admin. Grafana takes it when its volume is new; later it is changed in Grafana.");

        var grafana = builder.AddResource(new GrafanaResource(name, password.Resource))
            .WithImage(ContainerImages.Grafana)
            .WithHttpEndpoint(port, targetPort: 3000)
            .WithEndpoint("http", http => http.IsExternal = true)
            .WithHttpHealthCheck("/api/health")
            .WithVolume($"promethoide-{name}", "/var/lib/grafana")
            .WithBindMount(Path.Combine(folder, "provisioning"), "/etc/grafana/provisioning", isReadOnly: true)
            .WithIconName("ChartMultiple")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Grafana")
            .WithUrlForEndpoint("http", _ => new() { Url = "/alerting/list", DisplayText = "Alert rules" })
            .WithDashboards(Path.Combine(folder, "dashboards"))
            .InCompose(megabytes: 512, ComposeServiceExtensions.Answers(3000, "/api/health"), GrafanaInCompose.Complete);

        // Who may do what.
        grafana
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", password)
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "false")
            .WithEnvironment("GF_USERS_ALLOW_SIGN_UP", "false")
            .WithEnvironment("GF_USERS_ALLOW_ORG_CREATE", "false")
            .WithEnvironment("GF_SECURITY_CONTENT_SECURITY_POLICY", "true");

        // Nothing is asked of, or told to, the internet: without a way out Grafana would wait for it at every start.
        grafana
            .WithEnvironment("GF_SECURITY_DISABLE_GRAVATAR", "true")
            .WithEnvironment("GF_SNAPSHOTS_EXTERNAL_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_DISABLED", "true")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_AUTO_UPDATE", "false");

        // The address that links in mails begin with: a person's, not a container's.
        return builder.ExecutionContext.IsPublishMode
            ? grafana.WithEnvironment("GF_SERVER_ROOT_URL", new UriBuilder("http", "localhost", port).ToString())
            : grafana.WithEnvironment("GF_SERVER_ROOT_URL", $"{grafana.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)}/");
    }

    // What a file is called is the repository's; a link needs what Grafana calls it.
    private static IResourceBuilder<GrafanaResource> WithDashboards(this IResourceBuilder<GrafanaResource> grafana, string folder)
    {
        grafana
            .WithBindMount(folder, DashboardsFolder, isReadOnly: true)
            .WithEnvironment("DASHBOARDS_PATH", DashboardsFolder)
            .WithEnvironment("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", $"{DashboardsFolder}/{HomeDashboard}");

        foreach (var file in Directory.EnumerateFiles(Path.Combine(grafana.ApplicationBuilder.AppHostDirectory, folder), "*.json").Order())
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            var (uid, title) = (dashboard.RootElement.GetProperty("uid").GetString(), dashboard.RootElement.GetProperty("title").GetString());
            grafana.WithUrlForEndpoint("http", _ => new()
            {
                Url = $"/d/{uid}",
                DisplayText = title,
                DisplayLocation = Path.GetFileName(file) == HomeDashboard ? UrlDisplayLocation.SummaryAndDetails : UrlDisplayLocation.DetailsOnly,
            });
        }

        return grafana;
    }

    /// <summary>Reads from <paramref name="prometheus"/>: the provisioned data source takes its address from here.</summary>
    public static IResourceBuilder<GrafanaResource> WithDataSource(this IResourceBuilder<GrafanaResource> grafana, IResourceBuilder<PrometheusResource> prometheus) =>
        grafana
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
            .WithReferenceRelationship(prometheus);

    /// <summary>Links exemplars to the traces in the Aspire dashboard.</summary>
    public static IResourceBuilder<GrafanaResource> WithTracesOfTheDashboard(this IResourceBuilder<GrafanaResource> grafana)
    {
        var builder = grafana.ApplicationBuilder;
        // The AppHost serves the dashboard at its own addresses.
        var dashboard = builder.ExecutionContext.IsRunMode ? builder.Configuration["ASPNETCORE_URLS"] : null;
        return grafana.WithEnvironment("TRACES_URL", (dashboard ?? DefaultDashboard).Split(';')[0]);
    }

    /// <summary>Sends alert mail by <paramref name="mail"/>.</summary>
    public static IResourceBuilder<GrafanaResource> WithMail(this IResourceBuilder<GrafanaResource> grafana, MailServer mail)
    {
        grafana
            .WithEnvironment("GF_SMTP_ENABLED", "true")
            .WithEnvironment("GF_SMTP_HOST", mail.Address)
            .WithEnvironment("GF_SMTP_FROM_ADDRESS", mail.FromAddress)
            .WithEnvironment("GF_SMTP_FROM_NAME", mail.FromName)
            .WithEnvironment("OPERATIONS_EMAILS", mail.Operations)
            .WithEnvironment("DEVELOPERS_EMAILS", mail.Developers);

        if (mail.Login is var (user, password))
        {
            grafana.WithEnvironment("GF_SMTP_USER", user).WithEnvironment("GF_SMTP_PASSWORD", password);
        }

        if (mail.Mailpit is { } mailpit)
        {
            // Mailpit has no certificate. It is not waited for: the dashboards need no mail.
            grafana
                .WithEnvironment("GF_SMTP_STARTTLS_POLICY", "NoStartTLS")
                .WithReferenceRelationship(mailpit);
        }

        return grafana.ApplicationBuilder.ExecutionContext.IsPublishMode ? grafana : grafana.WithTestMail();
    }
}
