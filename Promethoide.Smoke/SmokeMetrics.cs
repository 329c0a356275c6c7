using System.Diagnostics.Metrics;

namespace Promethoide.Smoke;

/// <summary>
/// The result of the last run: <c>promethoide_smoke_last_run_success</c>, <c>…_last_run_timestamp_seconds</c>, <c>…_runs_total{result}</c>,
/// <c>…_step_duration_seconds{step}</c>, <c>…_step_success{step}</c>. Before the first run only the counter exists.
/// </summary>
internal sealed class SmokeMetrics
{
    public const string Meter = "Promethoide.Smoke";

    // The standard bounds for HTTP requests, which the steps are. The default ones are for milliseconds.
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Counter<long> _runs;
    private readonly Histogram<double> _duration;
    private volatile Run? _last;

    public SmokeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Meter);
        _runs = meter.CreateCounter<long>("promethoide.smoke.runs", description: "Runs of the synthetic officer, by result");
        _duration = meter.CreateHistogram(
            "promethoide.smoke.step.duration", "s", "Time that a step took",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
        meter.CreateObservableGauge(
            "promethoide.smoke.last_run.success",
            () => Of(run => [new(run.Success ? 1 : 0)]),
            description: "1 when every step of the last run worked, else 0");
        meter.CreateObservableGauge(
            "promethoide.smoke.last_run.timestamp",
            () => Of(run => [new(run.EndedAt.ToUnixTimeMilliseconds() / 1000d)]),
            "s",
            "End of the last run, in Unix time");
        meter.CreateObservableGauge(
            "promethoide.smoke.step.success",
            () => Of(run => run.Steps.Select(step => new Measurement<double>(step.Success ? 1 : 0, Tag("step", step.Name)))),
            description: "1 when the step of the last run worked, else 0");
    }

    /// <summary>Publishes both results with 0 runs, so that the first run counts as an increase; call it once something listens.</summary>
    public void Announce()
    {
        _runs.Add(0, Tag("result", "success"));
        _runs.Add(0, Tag("result", "failure"));
    }

    public void Record(Run run)
    {
        _last = run;
        _runs.Add(1, Tag("result", run.Success ? "success" : "failure"));
        foreach (var step in run.Steps)
        {
            _duration.Record(step.Seconds, Tag("step", step.Name));
        }
    }

    private IEnumerable<Measurement<double>> Of(Func<Run, IEnumerable<Measurement<double>>> measure) =>
        _last is { } run ? measure(run) : [];

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
