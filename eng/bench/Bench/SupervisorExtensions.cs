using Promethoide.Local;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Bench;

internal static class SupervisorExtensions
{
    /// <summary>Starts everything; returns when all of it is ready.</summary>
    /// <exception cref="UserException">Something did not start; <paramref name="owner"/> has been disposed of.</exception>
    public static async Task StartHealthyAsync(this Supervisor supervisor, StateFolder state, IAsyncDisposable owner)
    {
        supervisor.Start();
        if (await Task.WhenAny(supervisor.AllHealthy, supervisor.FailedToStart) == supervisor.FailedToStart)
        {
            var failure = await supervisor.FailedToStart;
            var log = await File.ReadAllTextAsync(state.Log(failure.Component));
            await owner.DisposeAsync();
            throw new UserException($"{failure.Component} did not start: {failure.Reason}\n{log}");
        }
    }
}
