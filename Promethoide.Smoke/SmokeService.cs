using Microsoft.Extensions.Options;

namespace Promethoide.Smoke;

/// <summary>Sends the synthetic officer on a run every period, and immediately on request; one run at a time.</summary>
internal sealed partial class SmokeService(
    SyntheticOfficer officer, SmokeMetrics metrics, IOptions<SmokeOptions> options, TimeProvider time, ILogger<SmokeService> logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1);
    private bool _failing;

    /// <summary>Runs now.</summary>
    public async Task<Run> RunAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var run = await officer.WalkAsync(cancellationToken);
            metrics.Record(run);
            Log(run);
            return run;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Announce();
        using var period = new PeriodicTimer(options.Value.Period, time);
        do
        {
            await RunAsync(stoppingToken);
        }
        while (await period.WaitForNextTickAsync(stoppingToken));
    }

    private void Log(Run run)
    {
        foreach (var step in run.Steps.Where(step => !step.Success))
        {
            LogFailed(step.Name, step.Failure!);
        }

        if (_failing && run.Success)
        {
            LogRecovered();
        }

        _failing = !run.Success;
    }

    [LoggerMessage(LogLevel.Warning, "The step {Step} failed: {Failure}")]
    private partial void LogFailed(string step, string failure);

    [LoggerMessage(LogLevel.Information, "Every step works again")]
    private partial void LogRecovered();
}
