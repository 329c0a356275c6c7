using System.Net.Http.Headers;
using System.Text;

namespace Promethoide.AppHost;

/// <summary>The command that tests the delivery of alert mail.</summary>
internal static class TestMailBuilderExtensions
{
    // As in monitoring/grafana/provisioning/alerting/contact-points.yaml.
    private static readonly string[] Levels = ["operations", "developers"];

    private static readonly TimeSpan TimeOut = TimeSpan.FromSeconds(40);

    /// <summary>Adds the command that sends a test alert to both levels of administrators, through Grafana and its mail server.</summary>
    public static IResourceBuilder<IGrafanaResource> WithTestMail(
        this IResourceBuilder<IGrafanaResource> grafana, ParameterResource adminPassword) =>
        grafana.WithCommand(
            "test-mail",
            "Send a test alert mail",
            context => SendAsync(grafana.Resource, adminPassword, context.CancellationToken),
            new()
            {
                Description = "Sends a test alert to operations and to developers, as an alert would be.",
                ConfirmationMessage = "Operations and developers will each get a mail. Go on?",
                IconName = "MailArrowUp",
                UpdateState = context =>
                    context.ResourceSnapshot.HealthStatus is Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
                        ? ResourceCommandState.Enabled
                        : ResourceCommandState.Disabled,
            });

    private static async Task<ExecuteCommandResult> SendAsync(
        IGrafanaResource grafana, ParameterResource adminPassword, CancellationToken cancellationToken)
    {
        var password = await adminPassword.GetValueAsync(cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(grafana.GetEndpoint("http").Url), Timeout = TimeOut };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}")));

        try
        {
            var results = await new ContactPoints(client).TestAsync(Levels, cancellationToken);
            return results.Where(result => result.Error is not null).ToList() is { Count: > 0 } failed
                ? CommandResults.Failure(string.Join(" ", failed.Select(result => $"To {result.ContactPoint}: {result.Error}")))
                : CommandResults.Success($"Sent to {string.Join(" and ", Levels)}.");
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure(e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return CommandResults.Failure(
                $"Grafana did not answer within {TimeOut.TotalSeconds:0} s. Its log tells whether it reaches the mail server.");
        }
    }
}
