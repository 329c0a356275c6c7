namespace Promethoide.Local.Supervision;

/// <summary>One part of the network: what it waits for, how it is started, when it is healthy.</summary>
public sealed class Component(string name)
{
    /// <summary>The resource's name, as in Aspire and in Prometheus.</summary>
    public string Name { get; } = name;

    /// <summary>The components that have to be healthy (or have ended well, when they run once) before this one starts.</summary>
    public IReadOnlyList<string> WaitsFor { get; init; } = [];

    /// <summary>Prepares files and returns the command. Null: it runs elsewhere, only its health is watched.</summary>
    public Func<CancellationToken, Task<Command>>? Start { get; init; }

    /// <summary>Returns why it is not healthy, or null when it is. Null: healthy as soon as it runs.</summary>
    public Func<CancellationToken, Task<string?>>? Health { get; init; }

    /// <summary>True for a component that does its work and ends with exit code 0.</summary>
    public bool RunsOnce { get; init; }

    /// <summary>Where a person finds it; null when it has nothing to look at.</summary>
    public string? Url { get; init; }

    /// <summary>Asks it to end; SIGKILL follows when it has not ended 10 s later.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;
}

/// <summary>A program as it is started: never through a shell's word splitting.</summary>
/// <param name="Program">The program's full path.</param>
/// <param name="Arguments">Its arguments, one word each.</param>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables beside the few that every component inherits (<see cref="ChildProcess"/>).</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder that it starts in; the data folder when null.</summary>
    public string? WorkingDirectory { get; init; }
}

/// <summary>What a component does now.</summary>
public enum ComponentState
{
    /// <summary>It waits for what it needs.</summary>
    Waiting,

    /// <summary>It runs and has not been healthy yet.</summary>
    Starting,

    /// <summary>It runs and answers.</summary>
    Healthy,

    /// <summary>It runs, was healthy, and does not answer now.</summary>
    Unhealthy,

    /// <summary>It has done its work (<see cref="Component.RunsOnce"/>).</summary>
    Completed,

    /// <summary>It died and is started again after a pause.</summary>
    Restarting,

    /// <summary>It died and is not started again.</summary>
    Failed,

    /// <summary>It is asked to end.</summary>
    Stopping,

    /// <summary>It was stopped on request.</summary>
    Stopped,
}

/// <summary>A component as the table shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What it does now.</param>
/// <param name="Detail">Why, in a few words, when it is not simply healthy.</param>
/// <param name="Url">Where a person finds it.</param>
/// <param name="ProcessId">Its process, while one runs.</param>
/// <param name="Restarts">How often it died and was started again.</param>
/// <param name="Log">Its log file.</param>
public sealed record ComponentStatus(string Name, ComponentState State, string? Detail, string? Url, int? ProcessId, int Restarts, string Log);
