using System.Collections.Concurrent;
using Promethoide.Local.State;

namespace Promethoide.Local.Supervision;

/// <summary>The running network: starts the components in dependency order and stops them in reverse.</summary>
internal sealed class Supervisor
{
    private readonly Dictionary<string, ComponentRunner> _runners;
    private readonly StateFolder _state;
    private readonly bool _restart;
    private readonly TaskCompletionSource _allHealthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StartFailure> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, Lazy<Task>> _stops = new();
    private readonly Lock _changes = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="components">In an order in which each comes after what it waits for; the table keeps it.</param>
    /// <param name="state">Where logs and process records are kept.</param>
    /// <param name="restart">Whether a component that dies is started again.</param>
    public Supervisor(IReadOnlyList<Component> components, StateFolder state, bool restart)
    {
        _state = state;
        _restart = restart;
        _runners = components.ToDictionary(component => component.Name, component => new ComponentRunner(component, this));
    }

    /// <summary>Raised after each change of a component's state; handlers must be quick.</summary>
    public event Action<ComponentStatus>? StatusChanged;

    /// <summary>Completes when every component has been healthy at the same time for the first time.</summary>
    public Task AllHealthy => _allHealthy.Task;

    /// <summary>Completes when a component fails before that.</summary>
    public Task<StartFailure> FailedToStart => _failed.Task;

    public IReadOnlyList<ComponentStatus> Table => [.. _runners.Values.Select(runner => runner.Status)];

    public void Start()
    {
        foreach (var runner in _runners.Values)
        {
            runner.Start();
        }
    }

    /// <summary>Starts one component that was stopped or failed, and waits until it is healthy.</summary>
    public async Task StartAsync(string name, CancellationToken cancellationToken)
    {
        var runner = Find(name);
        runner.Start();
        await WaitForAsync(
            () => runner.State is ComponentState.Healthy or ComponentState.Completed or ComponentState.Failed or ComponentState.Restarting,
            cancellationToken);
        if (runner.State is ComponentState.Failed or ComponentState.Restarting)
        {
            throw new UserException($"{name} did not start: {runner.Detail}. Its log: {LogOf(runner.Component)}");
        }
    }

    /// <summary>Stops one component and leaves the others as they are.</summary>
    public Task StopAsync(string name) => Find(name).StopAsync(CancellationToken.None);

    /// <summary>Stops everything: a component ends when all that wait for it have ended.</summary>
    /// <param name="hurry">Cancelled: everything is killed at once.</param>
    public Task StopAllAsync(CancellationToken hurry) => Task.WhenAll(_runners.Values.Select(runner => StopInOrderAsync(runner, hurry)));

    internal string LogOf(Component component) => _state.Log(component.Name);

    internal ChildProcess Launch(Component component, Command command) =>
        ChildProcess.Start(command, _state.Root, LogOf(component), _state.ProcessRecord(component.Name));

    // Until everything has been healthy once, a component that dies is a mistake to be shown, not a hiccup to be ridden out.
    internal bool Restarts(Component component) => _restart && !component.RunsOnce && AllHealthy.IsCompleted;

    internal void Failed(Component component, string reason)
    {
        if (!AllHealthy.IsCompleted)
        {
            _failed.TrySetResult(new(component.Name, reason));
        }
    }

    internal void Changed(ComponentRunner runner)
    {
        lock (_changes)
        {
            StatusChanged?.Invoke(runner.Status);
            if (_runners.Values.All(IsReady))
            {
                _allHealthy.TrySetResult();
            }

            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }

    internal Task WaitForHealthyAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        WaitForAsync(() => names.All(name => IsReady(_runners[name])), cancellationToken);

    private async Task WaitForAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_changes)
            {
                if (condition())
                {
                    return;
                }

                next = _changed.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private async Task StopInOrderAsync(ComponentRunner runner, CancellationToken hurry)
    {
        var dependents = _runners.Values.Where(other => other.Component.WaitsFor.Contains(runner.Component.Name));
        await _stops.GetOrAdd(runner.Component.Name, _ => new(async () =>
        {
            await Task.WhenAll(dependents.Select(dependent => StopInOrderAsync(dependent, hurry)));
            await runner.StopAsync(hurry);
        })).Value;
    }

    private static bool IsReady(ComponentRunner runner) => runner.State is ComponentState.Healthy or ComponentState.Completed;

    private ComponentRunner Find(string name) => _runners.TryGetValue(name, out var runner)
        ? runner
        : throw new UserException($"There is no component '{name}'. There are: {string.Join(", ", _runners.Keys)}.");
}

/// <summary>Which component failed before the network was ever healthy, and why.</summary>
internal sealed record StartFailure(string Component, string Reason);
