
namespace Promethoide.Api.Drills;

/// <summary>Holds the running drill; at most one runs at a time.</summary>
internal sealed partial class DrillBoard(TimeProvider time, ILogger<DrillBoard> logger)
{
    private volatile RunningDrill? _latest;

    /// <summary>The running drill.</summary>
    public RunningDrill? Current => _latest is { } latest && time.GetUtcNow() < latest.EndsAt ? latest : null;

    /// <summary>Starts a drill, replacing the running one.</summary>
    public RunningDrill Start(Drill drill)
    {
        var running = new RunningDrill(drill, time.GetUtcNow().AddSeconds(drill.Seconds));
        _latest = running;
        LogStarted(drill.Endpoint, drill.DelaySeconds, drill.Status, running.EndsAt);
        return running;
    }

    /// <summary>Ends the running drill, if any.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _latest, null) is { } latest && time.GetUtcNow() < latest.EndsAt)
        {
            LogEnded(latest.Drill.Endpoint);
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "A drill was started: {Endpoint} waits {DelaySeconds} s and answers {Status} (nothing: as ever), until {EndsAt:O}")]
    private partial void LogStarted(string endpoint, double delaySeconds, int? status, DateTimeOffset endsAt);

    [LoggerMessage(LogLevel.Warning, "The drill on {Endpoint} was ended")]
    private partial void LogEnded(string endpoint);
}
