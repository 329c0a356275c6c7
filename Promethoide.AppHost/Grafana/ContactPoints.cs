using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Promethoide.AppHost;

/// <summary>Grafana's contact points, through the API that its own pages have used since version 13.</summary>
/// <param name="grafana">A client with Grafana's address and the credentials of an administrator.</param>
public sealed class ContactPoints(HttpClient grafana)
{
    private static readonly Uri Receivers = new(
        "apis/notifications.alerting.grafana.app/v1beta1/namespaces/default/receivers", UriKind.Relative);

    /// <summary>
    /// Sends a test alert to each of the named contact points, as provisioned, and reports for each whether it was accepted.
    /// </summary>
    /// <param name="names">The contact points.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="HttpRequestException">Grafana does not respond, or responds unexpectedly; the message says what to do.</exception>
    public async Task<IReadOnlyList<TestResult>> TestAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var receivers = (await GetAsync(cancellationToken))["items"]!.AsArray();
        var results = new List<TestResult>();
        foreach (var name in names)
        {
            var receiver = receivers.FirstOrDefault(receiver => (string?)receiver!["spec"]?["title"] == name);
            var integrations = receiver?["spec"]?["integrations"]?.AsArray() ?? [];
            if (integrations.Count == 0)
            {
                results.Add(new(name, "Grafana has no such contact point: its provisioning was not read."));
            }

            foreach (var integration in integrations)
            {
                results.Add(new(name, await TestAsync((string)receiver!["metadata"]!["name"]!, integration!, cancellationToken)));
            }
        }

        return results;
    }

    private async Task<JsonNode> GetAsync(CancellationToken cancellationToken)
    {
        using var answer = await grafana.GetAsync(Receivers, cancellationToken);
        await EnsureAsync(answer, cancellationToken);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
    }

    /// <returns>Why it failed; null when the mail server accepted the mail.</returns>
    private async Task<string?> TestAsync(string receiver, JsonNode integration, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["integration"] = integration.DeepClone(),
            ["alert"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["alertname"] = "TestAlert", ["severity"] = "info" },
                ["annotations"] = new JsonObject
                {
                    ["summary"] = "A test: nothing is wrong",
                    ["description"] = "Somebody asked for this mail, to see that alerts arrive.",
                },
            },
        };

        using var answer = await grafana.PostAsJsonAsync(
            new Uri($"{Receivers}/{receiver}/test", UriKind.Relative), request, cancellationToken);
        await EnsureAsync(answer, cancellationToken);

        // 200 only says that the test ran.
        var result = (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        return (string?)result["status"] == "success" ? null : (string?)result["error"] ?? "Grafana does not say why.";
    }

    private static async Task EnsureAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized =>
                    "Grafana refuses the password of admin. It was changed in Grafana: set the parameter grafana-admin-password to it, "
                    + "or test the contact points in Grafana.",
                HttpStatusCode.NotFound =>
                    "This Grafana does not know the API of version 13. Test the contact points on its page Alerting, Contact points.",
                _ => $"Grafana answers {(int)answer.StatusCode}: {MessageOf(await answer.Content.ReadAsStringAsync(cancellationToken))}",
            });
        }
    }

    private static string MessageOf(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["message"] ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>The result of a test alert.</summary>
    /// <param name="ContactPoint">Where it was sent.</param>
    /// <param name="Error">Why it failed; null when it was accepted.</param>
    public sealed record TestResult(string ContactPoint, string? Error);
}
