using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Promethoide.AppHost;
using Promethoide.Tests.AppHost;

namespace Promethoide.Tests.Network;

/// <summary>The whole network, as the AppHost starts it: as processes or as containers, on free ports, with data that go with it.</summary>
internal sealed class NetworkUnderTest : IAsyncDisposable
{
    // A loaded two-core machine takes several times what an idle one does.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly HttpClient Http = new();

    private readonly DistributedApplication _app;
    private readonly string _database;

    private NetworkUnderTest(DistributedApplication app, string data, string database) => (_app, Data, _database) = (app, data, database);

    /// <summary>The folder of its data.</summary>
    public string Data { get; }

    public string Desk => Url("apache");

    /// <summary>Starts it as processes, and waits until everything that the rest needs is healthy.</summary>
    /// <param name="change">Changes the model before the start.</param>
    /// <param name="arguments">More arguments for the AppHost.</param>
    public static Task<NetworkUnderTest> StartAsync(Action<IDistributedApplicationTestingBuilder>? change = null, params IEnumerable<string> arguments) =>
        StartAsync("processes", change, arguments);

    /// <summary>Starts it as containers, and waits until everything that the rest needs is healthy.</summary>
    /// <param name="change">Changes the model before the start.</param>
    public static Task<NetworkUnderTest> StartContainersAsync(Action<IDistributedApplicationTestingBuilder> change) => StartAsync("containers", change, []);

    private static async Task<NetworkUnderTest> StartAsync(string form, Action<IDistributedApplicationTestingBuilder>? change, IEnumerable<string> arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
            [.. AppHostModel.NothingGiven, "--run", form, "--ephemeral", "--ports", "auto", .. arguments]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            // No dashboard runs that would take telemetry.
            builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        }

        // Tested on its own: it takes half a gigabyte from npm.
        foreach (var preview in builder.Resources.OfType<DashboardPreviewResource>().ToList())
        {
            builder.CreateResourceBuilder(preview).WithExplicitStart();
        }

        change?.Invoke(builder);
        var data = builder.State().Root;
        var app = await builder.BuildAsync();
        try
        {
            await app.StartAsync().WaitAsync(Patience);
            foreach (var component in app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(IsWaitedFor))
            {
                await BecomesHealthyAsync(app, component);
            }

            return new(app, data, (await app.GetConnectionStringAsync(Promethoide.AppHost.Database.ConnectionName))!);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public string Url(string component) => _app.GetEndpoint(component, "http").ToString().TrimEnd('/');

    /// <summary>A connection to the network's database, as its owner.</summary>
    public NpgsqlConnection Database() => new(_database);

    /// <summary>Stops a component, as the dashboard's button does.</summary>
    public Task StopAsync(string component) => ExecuteAsync(component, KnownResourceCommands.StopCommand);

    /// <summary>Starts a component, and waits until it is healthy.</summary>
    public async Task StartAsync(string component)
    {
        await ExecuteAsync(component, KnownResourceCommands.StartCommand);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(component).WaitAsync(Patience);
    }

    /// <summary>Executes a command of a component.</summary>
    public async Task ExecuteAsync(string component, string command)
    {
        var result = await TryExecuteAsync(component, command);
        Assert.True(result.Success, $"{component} {command}: {result.Message}");
    }

    /// <summary>Executes a command of a component that may well fail.</summary>
    public Task<ExecuteCommandResult> TryExecuteAsync(string component, string command) => _app.ResourceCommands.ExecuteCommandAsync(component, command);

    /// <summary>Kills a component that is a process with SIGKILL, and what it had started.</summary>
    public void Kill(string component)
    {
        Assert.True(_app.ResourceNotifications.TryGetCurrentState(component, out var state), component);
        var id = state.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value;
        Process.GetProcessById(Convert.ToInt32(id, CultureInfo.InvariantCulture)).Kill(entireProcessTree: true);
    }

    /// <summary>Asks Prometheus; each sample's labels and value.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string promql)
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/query?query={Uri.EscapeDataString(promql)}");
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(sample => (
                (IReadOnlyDictionary<string, string>)sample.GetProperty("metric").Deserialize<Dictionary<string, string>>()!,
                double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>Prometheus' own list of what it scrapes.</summary>
    public async Task<IReadOnlyList<(string Job, string Instance, string Health, string LastError)>> TargetsAsync() =>
    [
        .. (await ActiveTargetsAsync()).Select(target => (
            target.GetProperty("labels").GetProperty("job").GetString()!,
            target.GetProperty("labels").GetProperty("instance").GetString()!,
            target.GetProperty("health").GetString()!,
            target.GetProperty("lastError").GetString()!)),
    ];

    /// <summary>Prometheus' own list of its rules: where each is, whether its last evaluation went well, and the state of an alert.</summary>
    public async Task<IReadOnlyList<(string File, string Group, string Rule, string Health, string? State)>> RulesAsync() =>
    [
        .. from @group in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/rules")).GetProperty("data").GetProperty("groups").EnumerateArray()
           from rule in @group.GetProperty("rules").EnumerateArray()
           select (
               Path.GetFileName(@group.GetProperty("file").GetString()!),
               @group.GetProperty("name").GetString()!,
               rule.GetProperty("name").GetString()!,
               rule.GetProperty("health").GetString()!,
               rule.TryGetProperty("state", out var state) ? state.GetString() : null),
    ];

    /// <summary>Prometheus' own list of the alerts that are pending or firing.</summary>
    public async Task<IReadOnlyList<(string Name, string State, IReadOnlyDictionary<string, string> Labels)>> AlertsAsync() =>
    [
        .. from alert in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/alerts")).GetProperty("data").GetProperty("alerts").EnumerateArray()
           let labels = alert.GetProperty("labels").Deserialize<Dictionary<string, string>>()!
           select (labels["alertname"], alert.GetProperty("state").GetString()!, (IReadOnlyDictionary<string, string>)labels),
    ];

    /// <summary>Where Prometheus finds the metrics of the only target of a job; null until it knows.</summary>
    public async Task<Uri?> ScrapeUrlAsync(string job) => (await ActiveTargetsAsync())
        .Where(target => target.GetProperty("labels").GetProperty("job").GetString() == job)
        .Select(target => new Uri(target.GetProperty("scrapeUrl").GetString()!))
        .SingleOrDefault();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IEnumerable<JsonElement>> ActiveTargetsAsync() =>
        (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/targets?state=active")).GetProperty("data").GetProperty("activeTargets").EnumerateArray();

    private static bool IsWaitedFor(IResource resource) =>
        resource is ProjectResource or ExecutableResource or ContainerResource && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>() && !resource.HasAnnotationOfType<JobAnnotation>();

    private static async Task BecomesHealthyAsync(DistributedApplication app, IResource component)
    {
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(component.Name, WaitBehavior.StopOnResourceUnavailable).WaitAsync(Patience);
        }
        catch (Exception e) when (e is TimeoutException or DistributedApplicationException or OperationCanceledException)
        {
            throw new InvalidOperationException($"{component.Name} did not become healthy: {e.Message}\n{await LogAsync(app, component)}", e);
        }
    }

    private static async Task<string> LogAsync(DistributedApplication app, IResource component)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var lines = new List<string>();
        try
        {
            await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(component).WithCancellation(limit.Token))
            {
                lines.AddRange(batch.Select(line => line.Content));
            }
        }
        catch (OperationCanceledException)
        {
            // All that was there.
        }

        return string.Join("\n", lines.TakeLast(40));
    }
}
