using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Promethoide.Api.Metrics;

/// <summary>Request counts and durations per endpoint, with the original's metric names.</summary>
internal sealed class ApiMetrics
{
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _latency;

    public ApiMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MetricsSetup.Meter);
        // No unit: the exporter would append it to the names, and the original's dashboards expect none.
        _requests = meter.CreateCounter<long>("rest_api_requests_total", description: "Requests, by endpoint");
        _latency = meter.CreateHistogram(
            "rest_api_request_latency",
            description: "Time from request to answer in seconds, by endpoint",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [.. Enumerable.Range(1, 20).Select(step => step / 20d)],
            });
    }

    /// <summary>Reports an endpoint with 0 requests, so that the first one counts as an increase.</summary>
    public void Announce(string endpoint) => _requests.Add(0, Tag(endpoint));

    /// <param name="endpoint">The endpoint's name.</param>
    /// <param name="started">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Record(string endpoint, long started)
    {
        _requests.Add(1, Tag(endpoint));
        _latency.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, Tag(endpoint));
    }

    private static KeyValuePair<string, object?> Tag(string endpoint) => new("endpoint", endpoint);
}
