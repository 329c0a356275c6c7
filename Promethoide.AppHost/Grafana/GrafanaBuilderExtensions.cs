using System.Text.Json;

namespace Promethoide.AppHost;

/// <summary>Adds Grafana.</summary>
public static class GrafanaBuilderExtensions
{
    private const string HomeDashboard = "overview.json";

    // As in Properties/launchSettings.json.
    private const string DefaultDashboard = "http://localhost:18888";

    /// <summary>Adds a fully provisioned Grafana, or its stand-in where Grafana is not installed.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">Grafana's name.</param>
    /// <param name="folder">The folder with <c>provisioning</c> and <c>dashboards</c>, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<IGrafanaResource> AddGrafana(
        this IDistributedApplicationBuilder builder, string name, string folder, int port)
    {
        folder = Path.GetFullPath(folder, builder.AppHostDirectory);
        IResourceBuilder<IGrafanaResource> grafana = (builder.RunsContainers(), Programs.FindOptional("grafana")) switch
        {
            (true, _) => builder.AddGrafanaContainer(name, folder),
            (false, { } program) => builder.AddGrafanaProcess(name, program, folder),
            _ => builder.AddDashboardPreview(folder),
        };

        grafana
            .WithHttpPort(port, inContainer: 3000)
            .WithEndpoint("http", http => http.IsExternal = true)
            .WithIconName("ChartMultiple")
            .WithUrlForEndpoint("http", _ => new() { Url = "/alerting/list", DisplayText = "Alert rules" });

        // File names are the repository's; a link needs Grafana's uid.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "dashboards"), "*.json").Order())
        {
            using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
            var (uid, title) = (
                dashboard.RootElement.GetProperty("uid").GetString(),
                dashboard.RootElement.GetProperty("title").GetString());
            grafana.WithUrlForEndpoint("http", _ => new()
            {
                Url = $"/d/{uid}",
                DisplayText = title,
                DisplayLocation = Path.GetFileName(file) == HomeDashboard
                    ? UrlDisplayLocation.SummaryAndDetails
                    : UrlDisplayLocation.DetailsOnly,
            });
        }

        return grafana.Resource is DashboardPreviewResource ? grafana.WithPreview() : grafana.WithGrafana();
    }

    /// <summary>The settings of both forms of Grafana.</summary>
    private static IResourceBuilder<IGrafanaResource> WithGrafana(this IResourceBuilder<IGrafanaResource> grafana)
    {
        var (builder, name) = (grafana.ApplicationBuilder, grafana.Resource.Name);
        var password = builder.AddSecret(
            $"{name}-admin-password",
            "The password of Grafana's user admin. Grafana takes it when its data are new; later it is changed in Grafana.");

        grafana
            .WithHttpHealthCheck("/api/health")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Grafana")
            .WithSummary("Grafana", path: null, note: ReferenceExpression.Create($"user admin; {builder.WhereIs(password)}"))
            .WithTestMail(password.Resource);

        // Permissions.
        grafana
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", password)
            .WithEnvironment("GF_AUTH_ANONYMOUS_ENABLED", "false")
            .WithEnvironment("GF_USERS_ALLOW_SIGN_UP", "false")
            .WithEnvironment("GF_USERS_ALLOW_ORG_CREATE", "false")
            .WithEnvironment("GF_SECURITY_CONTENT_SECURITY_POLICY", "true");

        // No requests to the internet: without access Grafana would wait for them at every start.
        grafana
            .WithEnvironment("GF_SECURITY_DISABLE_GRAVATAR", "true")
            .WithEnvironment("GF_SNAPSHOTS_EXTERNAL_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_REPORTING_ENABLED", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_UPDATES", "false")
            .WithEnvironment("GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES", "false")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_DISABLED", "true")
            .WithEnvironment("GF_PLUGINS_PREINSTALL_AUTO_UPDATE", "false");

        // The base URL of links in mails: people open them, not containers.
        return grafana.WithEnvironment("GF_SERVER_ROOT_URL", $"{grafana.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)}/");
    }

    /// <summary>Where Grafana itself finds the dashboards.</summary>
    internal static IResourceBuilder<T> WithDashboardsIn<T>(this IResourceBuilder<T> grafana, string folder) where T : IGrafanaResource =>
        grafana
            .WithEnvironment("DASHBOARDS_PATH", folder)
            .WithEnvironment("GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH", $"{folder}/{HomeDashboard}");

    /// <summary>Reads from <paramref name="prometheus"/>, whose address the provisioned data source gets.</summary>
    public static IResourceBuilder<IGrafanaResource> WithDataSource(
        this IResourceBuilder<IGrafanaResource> grafana, IResourceBuilder<IPrometheusResource> prometheus) =>
        grafana
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
            .WithReferenceRelationship(prometheus);

    /// <summary>Links exemplars to their traces in the Aspire dashboard, which the AppHost serves at its own addresses.</summary>
    public static IResourceBuilder<IGrafanaResource> WithTracesOfTheDashboard(this IResourceBuilder<IGrafanaResource> grafana) =>
        grafana.WithEnvironment(context =>
            context.EnvironmentVariables["TRACES_URL"] = (grafana.ApplicationBuilder.Configuration["ASPNETCORE_URLS"] ?? DefaultDashboard)
                .Split(';')[0]);

    /// <summary>Whether it evaluates alerts and sends mail: the stand-in only draws dashboards.</summary>
    public static bool Notifies(this IResourceBuilder<IGrafanaResource> grafana) => grafana.Resource is not DashboardPreviewResource;

    /// <summary>Sends alert mail through <paramref name="mail"/>.</summary>
    public static IResourceBuilder<IGrafanaResource> WithMail(this IResourceBuilder<IGrafanaResource> grafana, MailServer mail)
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

        if (mail.Sink is { } sink)
        {
            // The sink has no certificate. Grafana does not wait for it: the dashboards need no mail.
            grafana
                .WithEnvironment("GF_SMTP_STARTTLS_POLICY", "NoStartTLS")
                .WithReferenceRelationship(sink);
        }

        return grafana;
    }
}
