using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Promethoide.AppHost;

namespace Promethoide.Network;

/// <summary>
/// The network as the AppHost starts it, inside this process: on free ports, with ephemeral data. Tests, benchmarks and the screenshot
/// programs are built on it.
/// </summary>
public sealed class RunningNetwork : IAsyncDisposable
{
    // A loaded two-core machine takes several times what an idle one does.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DistributedApplication _app;

    private RunningNetwork(DistributedApplication app, string data)
    {
        (_app, Data) = (app, data);
        Officers = new(
            () => Url("rest-api"),
            () => Url("apache"),
            async () => await Officers.SignInByLinkAsync(Url("rest-api"), await ParameterAsync(AccessBuilderExtensions.SignInTokenName)));
    }

    /// <summary>
    /// The AppHost's arguments that hide this machine's environment and <c>.env</c>. They also turn off file watchers, of which a machine
    /// allows few.
    /// </summary>
    public static IEnumerable<string> NothingGiven =>
    [
        .. SettingsExtensions.Names.Select(name => $"--{name.Variable}="),
        "--EnvFile=does-not-exist",
        "--hostBuilder:reloadConfigOnChange=false",
    ];

    /// <summary>The folder of its data.</summary>
    public string Data { get; }

    /// <summary>The officers at its desk. Their first use consumes <see cref="SignInLinkAsync"/>.</summary>
    public Officers Officers { get; }

    /// <summary>Starts it as processes, and waits until everything is healthy.</summary>
    /// <param name="change">Changes the model before the start.</param>
    /// <param name="arguments">More arguments of the AppHost.</param>
    /// <exception cref="InvalidOperationException">Something did not start; the message has the end of its log.</exception>
    public static Task<RunningNetwork> StartAsync(
        Action<IDistributedApplicationTestingBuilder>? change = null, params IEnumerable<string> arguments) =>
        StartAsync("processes", change, arguments);

    /// <summary>Starts it in one of its two forms.</summary>
    /// <param name="form"><c>containers</c> or <c>processes</c>.</param>
    /// <param name="change">Changes the model before the start.</param>
    /// <param name="arguments">More arguments of the AppHost.</param>
    /// <exception cref="InvalidOperationException">Something did not start; the message has the end of its log.</exception>
    public static async Task<RunningNetwork> StartAsync(
        string form, Action<IDistributedApplicationTestingBuilder>? change, params IEnumerable<string> arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Promethoide_AppHost>(
            [.. NothingGiven, "--run", form, "--ephemeral", "--ports", "auto", .. arguments]);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        foreach (var project in builder.Resources.OfType<ProjectResource>().ToList())
        {
            // No dashboard runs to receive telemetry.
            builder.CreateResourceBuilder(project).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        }

        // It downloads half a gigabyte from npm; callers that need it start it.
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
            foreach (var component in app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(IsStarted))
            {
                await BecomesReadyAsync(app, component);
            }

            return new(app, data);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address of a component's endpoint <c>http</c>, without a slash at its end.</summary>
    public string Url(string component) => _app.GetEndpoint(component, "http").ToString().TrimEnd('/');

    /// <summary>The links of all running components, as the Aspire dashboard shows them.</summary>
    public IReadOnlyList<(string Component, string Url)> Links =>
    [
        .. from component in _app.Services.GetRequiredService<DistributedApplicationModel>().Resources
           where IsStarted(component)
           from url in _app.ResourceNotifications.TryGetCurrentState(component.Name, out var state) ? state.Snapshot.Urls : []
           where !url.IsInternal && url.Url.StartsWith("http", StringComparison.Ordinal)
           select (component.Name, url.Url),
    ];

    /// <summary>
    /// A connection string of the model: <c>promethoide</c> as the owner of the database, <c>promethoide-api</c> as the API.
    /// </summary>
    public async Task<string> ConnectionStringAsync(string name) => (await _app.GetConnectionStringAsync(name))!;

    /// <summary>A parameter of the model, such as a password or key.</summary>
    public async Task<string> ParameterAsync(string name) =>
        (await _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>()
            .Single(parameter => parameter.Name == name)
            .GetValueAsync(CancellationToken.None))!;

    /// <summary>The key of the smoke test.</summary>
    public Task<string> SmokeKeyAsync() => ParameterAsync(AccessBuilderExtensions.SmokeKeyName);

    /// <summary>The first supervisor's first password.</summary>
    public Task<string> SupervisorPasswordAsync() => ParameterAsync(AccessBuilderExtensions.SupervisorPasswordName);

    /// <summary>The link that signs the first supervisor in, once.</summary>
    public async Task<string> SignInLinkAsync() =>
        $"{Url("apache")}/sign-in?link={await ParameterAsync(AccessBuilderExtensions.SignInTokenName)}";

    /// <summary>Executes a command of a component.</summary>
    public Task<ExecuteCommandResult> TryExecuteAsync(
        string component, string command, params IEnumerable<(string Name, string Value)> arguments) =>
        _app.ResourceCommands.ExecuteCommandAsync(
            component,
            command,
            new InteractionInputCollection(
            [
                .. arguments.Select(argument =>
                    new InteractionInput { Name = argument.Name, InputType = InputType.Text, Value = argument.Value }),
            ]));

    /// <summary>What a component has written to its log.</summary>
    public async Task<string> LogAsync(string component) =>
        await LogAsync(
            _app,
            _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == component),
            int.MaxValue);

    /// <summary>Executes a command of a component, which must succeed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task ExecuteAsync(string component, string command)
    {
        if (await TryExecuteAsync(component, command) is { Success: false } result)
        {
            throw new InvalidOperationException($"{component} {command}: {result.Message}");
        }
    }

    /// <summary>Stops a component, as the dashboard's button does.</summary>
    public Task StopAsync(string component) => ExecuteAsync(component, KnownResourceCommands.StopCommand);

    /// <summary>Starts a component, and waits until it is healthy.</summary>
    public async Task StartAsync(string component)
    {
        var asked = DateTime.UtcNow;
        await ExecuteAsync(component, KnownResourceCommands.StartCommand);
        // Until its state is that of the new start: the previous end would look like a failure.
        await _app.ResourceNotifications
            .WaitForResourceAsync(component, change => change.Snapshot.StartTimeStamp?.ToUniversalTime() > asked.AddSeconds(-1))
            .WaitAsync(Patience);
        await BecomesReadyAsync(
            _app, _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == component));
    }

    /// <summary>Kills a component that is a process with SIGKILL, along with its children.</summary>
    public void Kill(string component) => Process.GetProcessById(ProcessOf(component)).Kill(entireProcessTree: true);

    /// <summary>A component's process id; a service's is that of <c>dotnet run</c>, whose only child is the service.</summary>
    public int ProcessOf(string component) => Convert.ToInt32(
        _app.ResourceNotifications.TryGetCurrentState(component, out var state)
            ? state.Snapshot.Properties.SingleOrDefault(property => property.Name == "executable.pid")?.Value
            : null,
        CultureInfo.InvariantCulture);

    /// <summary>Every parameter of the model that is a secret, with its value.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SecretsAsync()
    {
        var secrets = new Dictionary<string, string>();
        foreach (var parameter in _app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<ParameterResource>()
            .Where(parameter => parameter.Secret))
        {
            secrets[parameter.Name] = (await parameter.GetValueAsync(CancellationToken.None))!;
        }

        return secrets;
    }

    /// <summary>What the Aspire dashboard shows of each resource.</summary>
    public IEnumerable<(IResource Resource, CustomResourceSnapshot Shown)> Shown =>
        from resource in _app.Services.GetRequiredService<DistributedApplicationModel>().Resources
        where _app.ResourceNotifications.TryGetCurrentState(resource.Name, out _)
        select (resource, _app.ResourceNotifications.TryGetCurrentState(resource.Name, out var state) ? state.Snapshot : null);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static bool IsStarted(IResource resource) =>
        resource is ProjectResource or ExecutableResource or ContainerResource
            && !resource.HasAnnotationOfType<ExplicitStartupAnnotation>();

    private static async Task BecomesReadyAsync(DistributedApplication app, IResource component)
    {
        try
        {
            await (component.HasAnnotationOfType<JobAnnotation>()
                ? app.ResourceNotifications.WaitForResourceAsync(component.Name, KnownResourceStates.Finished)
                : app.ResourceNotifications.WaitForResourceHealthyAsync(component.Name, WaitBehavior.StopOnResourceUnavailable))
                .WaitAsync(Patience);
        }
        catch (Exception e) when (e is TimeoutException or DistributedApplicationException or OperationCanceledException)
        {
            throw new InvalidOperationException($"{component.Name} did not start: {e.Message}\n{await LogAsync(app, component)}", e);
        }
    }

    private static async Task<string> LogAsync(DistributedApplication app, IResource component, int last = 40)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(component))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return string.Join("\n", lines.TakeLast(last));
    }
}

/// <summary>Changes to the model.</summary>
public static class ModelChanges
{
    /// <summary>Leaves out everything except these.</summary>
    public static void StartOnly(this IDistributedApplicationTestingBuilder builder, params ReadOnlySpan<string> components)
    {
        foreach (var resource in builder.Resources.Where(resource => resource is ProjectResource or ExecutableResource or ContainerResource)
            .ToList())
        {
            if (!components.Contains(resource.Name))
            {
                builder.CreateResourceBuilder(resource).WithExplicitStart();
            }
        }
    }

    /// <summary>A component of the model that is a process.</summary>
    public static IResourceBuilder<ExecutableResource> Process(this IDistributedApplicationTestingBuilder builder, string component) =>
        builder.CreateResourceBuilder(builder.Resources.OfType<ExecutableResource>().Single(resource => resource.Name == component));

    /// <summary>Makes a process read a configuration other than the repository's: another file of <c>--config.file=</c>.</summary>
    public static IResourceBuilder<ExecutableResource> WithConfiguration(this IResourceBuilder<ExecutableResource> process, string file) =>
        process.WithArgs(context =>
        {
            var given = context.Args.Index().Single(argument => $"{argument.Item}".StartsWith("--config.file=", StringComparison.Ordinal));
            context.Args[given.Index] = $"--config.file={file}";
        });

    /// <summary>Sets another variable of a service of the model.</summary>
    public static void Set(this IDistributedApplicationTestingBuilder builder, string service, string variable, string value) =>
        builder.CreateResourceBuilder<ProjectResource>(service).WithEnvironment(variable, value);
}
