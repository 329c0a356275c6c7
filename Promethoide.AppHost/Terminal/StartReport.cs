using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>
/// Reports each component's start, then the addresses; later, what ended. If a component does not start, everything ends: the report gives
/// the reason and the end of its log, and the exit code is 1.
/// </summary>
internal sealed partial class StartReport(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    IHostApplicationLifetime lifetime,
    IConfiguration configuration,
    RunOptions options,
    StartFailure failure) : BackgroundService
{
    private const int TailLines = 15;

    // After this long without news, reports what it is waiting for.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, Progress> _progress = [];
    // Aspire's name for each component's run, under which it keeps the log.
    private readonly ConcurrentDictionary<string, string> _instances = [];
    private volatile Stopwatch _sinceNews = Stopwatch.StartNew();
    private volatile bool _announced;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = lifetime.ApplicationStopping.Register(() =>
        {
            TerminalExtensions.IsStopping = true;
            Console.WriteLine("\nStopping everything.");
        });
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var events = FollowAsync(over.Token);
        var silence = TellWhatIsWaitedForAsync(over.Token);
        if (await Task.WhenAny(events, failure.Happened) == failure.Happened)
        {
            var (component, reason) = await failure.Happened;
            await FailAsync(component, reason, _instances.GetValueOrDefault(component, component));
        }

        await over.CancelAsync();
        await Task.WhenAll(events, silence);
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var @event in notifications.WatchAsync(cancellationToken))
            {
                if (!await HandleAsync(@event))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C.
        }
    }

    private async Task TellWhatIsWaitedForAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var waiting = model.Resources.Where(resource => IsComponent(resource) && IsWaiting(resource))
                    .Select(resource => resource.Name)
                    .ToList();
                if (waiting.Count > 0 && _sinceNews.Elapsed > Silence && !_announced)
                {
                    Tell($"Waiting for {string.Join(", ", waiting)}.");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Everything has been reported.
        }
    }

    /// <returns>False when there is nothing more to report.</returns>
    private async Task<bool> HandleAsync(ResourceEvent @event)
    {
        var (name, snapshot) = (@event.Resource.Name, @event.Snapshot);
        if (@event.Resource is ParameterResource)
        {
            TellMissing(name, snapshot);
            return true;
        }

        // Components that end during the shutdown have not failed.
        if (!IsComponent(@event.Resource) || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return true;
        }

        _instances[name] = @event.ResourceId;
        var now = ProgressOf(@event.Resource, snapshot);
        var before = _progress.GetValueOrDefault(name, Progress.Waiting);
        _progress[name] = now;
        if (now == before)
        {
            return true;
        }

        switch (now)
        {
            case Progress.Healthy:
                Tell($"{name,-18} {(IsJob(@event.Resource) ? "done" : "healthy")}");
                break;
            case Progress.Stopped:
                Tell($"{name,-18} stopped. Again: dotnet aspire resource {name} start");
                break;
            case Progress.Failed when !_announced && !IsOptional(@event.Resource):
                await FailAsync(name, ReasonOf(@event.Resource, snapshot), @event.ResourceId);
                return false;
            case Progress.Failed:
                Tell(
                    $"{name,-18} {ReasonOf(@event.Resource, snapshot)}"
                    + ((await TailAsync(@event.ResourceId)).LastOrDefault() is { } line ? $": {line}" : "."));
                Tell($"{"",-18} Its log: dotnet aspire logs {name}. Again: dotnet aspire resource {name} start");
                break;
            case Progress.Waiting when before is Progress.Healthy:
                Tell($"{name,-18} "
                    + (snapshot.HealthStatus is HealthStatus.Unhealthy ? "unhealthy" : snapshot.State?.Text.ToLowerInvariant()));
                break;
        }

        return await AnnounceAsync();
    }

    private async Task<bool> AnnounceAsync()
    {
        var components = model.Resources.Where(IsComponent).ToList();
        var required = components.Where(component => !IsOptional(component)).ToList();
        if (_announced || !required.TrueForAll(component => IsHealthy(component.Name))
            || options.UntilHealthy && components.Exists(IsWaiting))
        {
            return true;
        }

        _announced = true;
        Console.WriteLine($"\nEverything is healthy after {_clock.Elapsed.TotalSeconds:0} s.\n");
        foreach (var component in components)
        {
            foreach (var summary in component.Annotations.OfType<SummaryAnnotation>())
            {
                var (path, note) = (await ValueOfAsync(summary.Path), await ValueOfAsync(summary.Note));
                Console.WriteLine(
                    $"  {summary.Title,-17} {((IResourceWithEndpoints)component).GetEndpoint("http").Url}{path}{NoteOf(component, note)}");
            }
        }

        if (DashboardLink() is { } link)
        {
            Console.WriteLine($"  {"Aspire dashboard",-17} {link}");
        }

        if (options.UntilHealthy)
        {
            lifetime.StopApplication();
            return false;
        }

        Console.WriteLine("\nCtrl-C stops everything.");
        return true;
    }

    private async Task FailAsync(string name, string reason, string resourceId)
    {
        Console.WriteLine($"\n{name} did not start: {reason.TrimEnd('.')}.");
        if (await TailAsync(resourceId) is { Count: > 0 } tail)
        {
            Console.WriteLine("The end of its log:");
            foreach (var line in tail)
            {
                Console.WriteLine($"  {line}");
            }
        }

        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private async Task<List<string>> TailAsync(string resourceId)
    {
        var lines = new List<string>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await foreach (var batch in logs.GetAllAsync(resourceId).WithCancellation(patience.Token))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }
        }
        catch (OperationCanceledException)
        {
            // What has arrived so far will do.
        }

        // A program's two outputs arrive separately: Aspire's timestamps put the lines in order. Shown without timestamps and stack
        // traces, whose message comes before them.
        return
        [
            .. lines.OrderBy(line => Time().Match(line).Value, StringComparer.Ordinal)
                .SelectMany(line => Time().Replace(line, "").Split('\n'))
                .Where(line => !IsOfStackTrace(line)).TakeLast(TailLines),
        ];
    }

    private static bool IsOfStackTrace(string line) =>
        line.TrimStart() is var text
            && (text.StartsWith("at ", StringComparison.Ordinal) || text.StartsWith("--- End of", StringComparison.Ordinal));

    private void TellMissing(string parameter, CustomResourceSnapshot snapshot)
    {
        if (snapshot.State?.Text == KnownResourceStates.ValueMissing && _progress.TryAdd(parameter, Progress.Failed))
        {
            Tell(
                $"{SettingsExtensions.VariableOf(parameter)} is not given. Enter it in the Aspire dashboard"
                + $"{(DashboardLink() is { } link ? $" ({link})" : "")}, or set it and start again.");
        }
    }

    private void Tell(string line)
    {
        _sinceNews = Stopwatch.StartNew();
        Console.WriteLine($"{(_announced ? $"{DateTime.Now:HH:mm:ss}" : $"{_clock.Elapsed.TotalSeconds,5:0.0} s")}  {line}");
    }

    private static async Task<string?> ValueOfAsync(ReferenceExpression? expression) =>
        expression is null ? null : await expression.GetValueAsync(CancellationToken.None);

    private string NoteOf(IResource component, string? known) => (_progress.GetValueOrDefault(component.Name), known) switch
    {
        (Progress.Waiting, _) => "   soon: it is still starting",
        (Progress.Failed or Progress.Stopped, _) => $"   failed: dotnet aspire logs {component.Name}",
        (_, null) => "",
        (_, var note) => $"   {note}",
    };

    private string? DashboardLink() => configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { } address
        ? configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address}/login?t={token}" : address
        : null;

    private bool IsWaiting(IResource component) => _progress.GetValueOrDefault(component.Name) is Progress.Waiting;

    private bool IsHealthy(string name) => _progress.GetValueOrDefault(name) is Progress.Healthy;

    private static bool IsComponent(IResource resource) =>
        resource is ProjectResource or ContainerResource or ExecutableResource
            && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    private static bool IsOptional(IResource resource) => resource.HasAnnotationOfType<OptionalAnnotation>();

    private static bool IsJob(IResource resource) => resource.HasAnnotationOfType<JobAnnotation>();

    private static Progress ProgressOf(IResource resource, CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text;
        if (state == KnownResourceStates.Running)
        {
            return snapshot.HealthStatus is HealthStatus.Healthy && !IsJob(resource) ? Progress.Healthy : Progress.Waiting;
        }

        return state == KnownResourceStates.RuntimeUnhealthy || KnownResourceStates.TerminalStates.Contains(state)
            ? (snapshot.ExitCode, IsJob(resource)) switch
            {
                (0, true) => Progress.Healthy,
                (0, false) => Progress.Stopped,
                _ => Progress.Failed,
            }
            : Progress.Waiting;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ")]
    private static partial Regex Time();

    private static string ReasonOf(IResource resource, CustomResourceSnapshot snapshot) => snapshot switch
    {
        { ExitCode: { } code } => $"it ended with exit code {code}",
        { State.Text: var state } when state == KnownResourceStates.RuntimeUnhealthy => "Aspire cannot use the container engine",
        _ => resource is ContainerResource ? "its container could not be started" : "its program could not be started",
    };

    private enum Progress
    {
        Waiting,
        Healthy,
        Stopped,
        Failed,
    }
}
