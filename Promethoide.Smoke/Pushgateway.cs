using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace Promethoide.Smoke;

/// <summary>Pushes the result of a single run to a Pushgateway. The gateway adds the time: <c>push_time_seconds</c>.</summary>
internal static class Pushgateway
{
    /// <exception cref="HttpRequestException">The gateway cannot be reached or rejects it.</exception>
    public static async Task PushAsync(Uri gateway, Run run, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        // PUT replaces what an earlier run pushed.
        using var content = new StringContent(Text(run), Encoding.UTF8, new MediaTypeHeaderValue("text/plain"));
        using var answer = await http.PutAsync(
            new Uri(gateway.AbsoluteUri.TrimEnd('/') + "/metrics/job/smoke"), content, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The run in Prometheus' text format.</summary>
    internal static string Text(Run run)
    {
        var text = new StringBuilder();
        Gauge("last_run_success", ("", run.Success ? 1 : 0));
        Gauge("last_run_timestamp_seconds", ("", run.EndedAt.ToUnixTimeMilliseconds() / 1000d));
        Gauge("step_success", [.. run.Steps.Select(step => (Label(step), step.Success ? 1d : 0))]);
        Gauge("step_duration_seconds", [.. run.Steps.Select(step => (Label(step), step.Seconds))]);
        return text.ToString();

        static string Label(Step step) => $"{{step=\"{step.Name}\"}}";

        void Gauge(string name, params (string Labels, double Value)[] samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE promethoide_smoke_{name} gauge\n");
            foreach (var (labels, value) in samples)
            {
                text.Append(CultureInfo.InvariantCulture, $"promethoide_smoke_{name}{labels} {value}\n");
            }
        }
    }
}
