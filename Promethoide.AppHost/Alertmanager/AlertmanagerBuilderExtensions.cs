using System.Net.Http.Json;
using Promethoide.Monitoring.Alerting;

namespace Promethoide.AppHost;

/// <summary>Adds Alertmanager.</summary>
public static class AlertmanagerBuilderExtensions
{
    /// <summary>
    /// Adds an Alertmanager that takes over from Grafana: each start generates its configuration from Grafana's contact points, policies,
    /// mute times and mail templates. It keeps silences and its notification log.
    /// </summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The repository's <c>monitoring</c>, relative to the AppHost's folder.</param>
    /// <param name="port">The port on this machine.</param>
    /// <param name="mail">How mail is sent, and to whom.</param>
    /// <param name="dashboards">Where mails link to for an alert's panel.</param>
    public static IResourceBuilder<AlertmanagerResource> AddAlertmanager(
        this IDistributedApplicationBuilder builder,
        string name,
        string folder,
        int port,
        MailServer mail,
        IResourceBuilder<IGrafanaResource> dashboards)
    {
        folder = Path.GetFullPath(folder, builder.AppHostDirectory);
        var state = builder.State();
        var alertmanager = builder.AddResource(new AlertmanagerResource(
            name, builder.Programs().Require("prometheus-alertmanager", "prometheus-alertmanager", "alertmanager")));
        var address = alertmanager.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork);

        alertmanager
            .AsOwnUser()
            .WithOwnPort(port)
            .WithListenAddress()
            .WithArgs($"--config.file={state.Combine(name, "alertmanager.yml")}", $"--storage.path={state.Combine(name, "data")}")
            // A single instance: it looks for no cluster peers.
            .WithArgs("--cluster.listen-address=")
            .WithArgs(ReferenceExpression.Create($"--web.external-url={address}"))
            .OnBeforeResourceStarted(async (resource, _, cancellationToken) =>
            {
                var own = state.PrivateFolder(name);
                AlertmanagerConfiguration.Write(
                    folder,
                    own,
                    await mail.ForAlertmanagerAsync(cancellationToken),
                    new(dashboards.GetEndpoint("http").Url, address.Url),
                    await mail.AddressesAsync(cancellationToken));
                OwnUser.Give(own, resource);
            })
            .WithHttpHealthCheck("/-/ready")
            .WithHttpCommand("/-/reload", "Reload configuration", commandName: "reload", commandOptions: new()
            {
                Description = "Reads the configuration that was made at start again.",
                IconName = "ArrowSync",
            })
            .WithTestMail()
            .WithIconName("MailAlert")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Alertmanager")
            .WithSummary("Alertmanager", note: "mails what fires, since Grafana is not installed here");

        return mail.Sink is { } sink ? alertmanager.WithReferenceRelationship(sink) : alertmanager;
    }

    // Long enough to reach the developers too.
    private static IResourceBuilder<AlertmanagerResource> WithTestMail(this IResourceBuilder<AlertmanagerResource> alertmanager) =>
        alertmanager.WithHttpCommand("/api/v2/alerts", "Send a test alert mail", commandName: "test-mail", commandOptions: new()
        {
            Description =
                "Lets a critical test alert fire for a minute and a half: operations are told at once, developers after a minute, both "
                + "of its end.",
            ConfirmationMessage = "Operations and developers will each get two mails. Go on?",
            IconName = "MailArrowUp",
            PrepareRequest = context =>
            {
                context.Request.Content = JsonContent.Create((object[])
                [
                    new
                    {
                        labels = new { alertname = "TestAlert", severity = "critical" },
                        annotations = new
                        {
                            summary = "A test: nothing is wrong",
                            description = "Somebody asked for this mail, to see that alerts arrive.",
                        },
                        startsAt = DateTimeOffset.UtcNow,
                        endsAt = DateTimeOffset.UtcNow.AddSeconds(90),
                    },
                ]);
                return Task.CompletedTask;
            },
        });
}
