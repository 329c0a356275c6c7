using System.Net.Http.Json;

namespace Promethoide.AppHost;

/// <summary>Deliberate faults, to see alerts fire and resolve.</summary>
public static class DrillBuilderExtensions
{
    // The setting and the path of Promethoide.ServiceDefaults.
    private const string Setting = "Drills__Enabled";
    private const string Path = "/drill";

    private const int DelaySeconds = 2;
    private const int Seconds = 300;

    /// <summary>
    /// Adds commands that slow down one endpoint of a service or make it fail for five minutes, and one that ends the fault; on this
    /// machine only.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="endpoint">The service's name for the endpoint.</param>
    public static IResourceBuilder<ProjectResource> WithDrills(this IResourceBuilder<ProjectResource> service, string endpoint) =>
        service
            .WithEnvironment(Setting, "true")
            .WithDrill(
                "drill-slow",
                "Drill: slow down",
                $"{endpoint} takes {DelaySeconds} s",
                "Timer",
                new { endpoint, delay_seconds = DelaySeconds, seconds = Seconds })
            .WithDrill(
                "drill-errors", "Drill: fail", $"{endpoint} answers 500", "ErrorCircle", new { endpoint, status = 500, seconds = Seconds })
            .WithHttpCommand(Path, "Drill: mend", OpsEndpoint.Name, "drill-mend", new()
            {
                Method = HttpMethod.Delete,
                Description = "Ends the drill.",
                IconName = "Wrench",
            });

    private static IResourceBuilder<ProjectResource> WithDrill(
        this IResourceBuilder<ProjectResource> service, string name, string displayName, string effect, string icon, object drill) =>
        service.WithHttpCommand(Path, displayName, OpsEndpoint.Name, name, new()
        {
            Method = HttpMethod.Put,
            Description = $"For {Seconds / 60} minutes {effect}, so that alerts fire.",
            ConfirmationMessage =
                $"For {Seconds / 60} minutes, or until you mend it, {effect}: officers will notice, and alerts will be sent. Go on?",
            IconName = icon,
            PrepareRequest = request =>
            {
                request.Request.Content = JsonContent.Create(drill);
                return Task.CompletedTask;
            },
        });
}
