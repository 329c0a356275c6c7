using System.Diagnostics;

namespace Promethoide.Local.Supervision;

/// <summary>Runs one component: waits for what it needs, starts it, watches its health, and starts it again when it dies.</summary>
internal sealed class ComponentRunner(Component component, Supervisor network) : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartingPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HealthPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(3);

    // One bad answer may be a hiccup; this many in a row are a state worth showing.
    private const int FailuresUntilUnhealthy = 2;

    // Back-off between restarts: 0.5 s doubling to 30 s, from the beginning again once it has run for a minute.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private CancellationTokenSource _stop = new();
    private CancellationToken _hurry;
    private Task _run = Task.CompletedTask;
    private ChildProcess? _process;
    private int _restarts;

    public Component Component => component;

    public ComponentState State { get; private set; } = ComponentState.Waiting;

    public string? Detail { get; private set; }

    public ComponentStatus Status =>
        new(component.Name, State, Detail, component.Url, _process?.Id, _restarts, network.LogOf(component));

    /// <summary>Starts it unless it runs already.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_run.IsCompleted)
            {
                _stop.Dispose();
                _stop = new();
                Set(ComponentState.Waiting);
                _run = Task.Run(() => RunAsync(_stop.Token));
            }
        }
    }

    /// <summary>Stops it and waits until it has ended.</summary>
    /// <param name="hurry">Cancelled: SIGKILL now.</param>
    public async Task StopAsync(CancellationToken hurry)
    {
        Task run;
        lock (_gate)
        {
            _hurry = hurry;
            _stop.Cancel();
            run = _run;
        }

        await run;
        if (State is not ComponentState.Completed)
        {
            Set(ComponentState.Stopped);
        }
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await network.WaitForHealthyAsync(component.WaitsFor, stop);

            for (var pause = FirstPause; ;)
            {
                var clock = Stopwatch.StartNew();
                var ending = component.Start is null ? await WatchElsewhereAsync(stop) : await RunOnceAsync(stop);
                if (ending is null)
                {
                    Set(ComponentState.Completed);
                    return;
                }

                if (!network.Restarts(component))
                {
                    Set(ComponentState.Failed, ending);
                    network.Failed(component, ending);
                    return;
                }

                pause = clock.Elapsed > SteadyAfter ? FirstPause : pause;
                _restarts++;
                Set(ComponentState.Restarting, $"{ending}; again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, stop);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped on request: StopAsync says so.
        }
        catch (Exception e) when (e is UserException or IOException or UnauthorizedAccessException)
        {
            Set(ComponentState.Failed, e.Message);
            network.Failed(component, e.Message);
        }
    }

    /// <summary>Runs the process to its end. Returns null when it has done its work, else what happened.</summary>
    private async Task<string?> RunOnceAsync(CancellationToken stop)
    {
        Set(ComponentState.Starting);
        var command = await component.Start!(stop);
        var process = _process = network.Launch(component, command);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = WatchHealthAsync(over.Token);
        try
        {
            var exit = process.WaitAsync(stop);
            if (await Task.WhenAny(exit, watch) == watch && await watch is { } reason)
            {
                await process.StopAsync(component.StopSignal, StopPatience, _hurry);
                return reason;
            }

            var code = await exit;
            process.Forget();
            return component.RunsOnce && code == 0 ? null : $"ended with exit code {code}";
        }
        catch (Exception e) when (e is OperationCanceledException && stop.IsCancellationRequested || e is UserException)
        {
            Set(ComponentState.Stopping);
            await process.StopAsync(component.StopSignal, StopPatience, _hurry);
            throw;
        }
        finally
        {
            await over.CancelAsync();
            await watch.ContinueWith(_ => { }, TaskScheduler.Default);
            _process = null;
        }
    }

    private async Task<string?> WatchElsewhereAsync(CancellationToken stop)
    {
        Set(ComponentState.Starting);
        return await WatchHealthAsync(stop) ?? "";
    }

    /// <summary>Follows its health until cancelled. Returns why, when it does not become healthy in time.</summary>
    private async Task<string?> WatchHealthAsync(CancellationToken over)
    {
        if (component.RunsOnce)
        {
            await Task.Delay(Timeout.Infinite, over);
        }

        var failures = 0;
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var trouble = await CheckAsync(over);
            if (trouble is null)
            {
                failures = 0;
                Set(ComponentState.Healthy);
            }
            else if (State is ComponentState.Starting && clock.Elapsed > StartLimit)
            {
                return $"not healthy {StartLimit.TotalSeconds:0} s after its start: {trouble}";
            }
            else if (State is ComponentState.Healthy && ++failures >= FailuresUntilUnhealthy)
            {
                Set(ComponentState.Unhealthy, trouble);
            }
            else if (State is ComponentState.Starting or ComponentState.Unhealthy)
            {
                Detail = trouble;
            }

            await Task.Delay(State is ComponentState.Starting ? StartingPoll : HealthPoll, over);
        }
    }

    private async Task<string?> CheckAsync(CancellationToken over)
    {
        if (component.Health is null)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(over);
        limit.CancelAfter(HealthLimit);
        try
        {
            return await component.Health(limit.Token);
        }
        catch (OperationCanceledException) when (!over.IsCancellationRequested)
        {
            return $"no answer within {HealthLimit.TotalSeconds:0} s";
        }
    }

    private void Set(ComponentState state, string? detail = null)
    {
        if (State != state || Detail != detail)
        {
            (State, Detail) = (state, detail);
            network.Changed(this);
        }
    }
}
