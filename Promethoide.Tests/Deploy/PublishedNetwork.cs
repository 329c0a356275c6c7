using System.Globalization;
using System.Net.Http.Json;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Deploy;

/// <summary>
/// What <c>deploy/compose/</c> publishes, in containers with their own names and ports. Grafana is left out, because Debian has no stand-in
/// for its image; <see cref="Operations"/> takes its place on its network.
/// </summary>
public sealed partial class PublishedNetwork(StandIns standIns) : IAsyncLifetime
{
    /// <summary>A container on the monitoring network; it listens on <see cref="OperationsPort"/>.</summary>
    public const string Operations = "operations";
    public const int OperationsPort = 3000;

    /// <summary>The smoke test's key.</summary>
    public static readonly string SmokeKey = $"pmk_{new string('s', 43)}";

    /// <summary>The first supervisor's first password.</summary>
    public const string SupervisorPassword = "supervisorsSecret";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-compose-").FullName;
    private readonly int _subnet = Random.Shared.Next(256);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private string[]? _compose;
    private Officers? _officers;
    // Ports of this machine that were in use before the network started.
    private HashSet<int> _takenBefore = [];
    private readonly List<string> _overlays = [];
    private readonly Dictionary<string, string> _settings = [];

    public string Project { get; } = $"promethoide-test-{Random.Shared.Next(1_000_000)}";

    public int ApachePort { get; } = Loopback.FreePort();

    public int PrometheusPort { get; } = Loopback.FreePort();

    public string Desk => $"http://127.0.0.1:{ApachePort}";

    internal PublishedCompose File { get; } = PublishedCompose.Read();

    /// <summary>The officers at its desk.</summary>
    internal Officers Officers => _officers ??= new(
        () => $"{Desk}/api",
        () => Desk,
        async () => (await Officers.SignInAsync($"{Desk}/api", Officers.Supervisor, SupervisorPassword)).Token);

    /// <summary>Forgets the officers: another database has different ones.</summary>
    internal void ForgetOfficers() => _officers = null;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the network unless it is running; skips the test where it cannot run.</summary>
    public async Task RunningAsync()
    {
        if (_compose is null)
        {
            var compose = await standIns.ComposeAsync();
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "standins.yaml"), Images());
            foreach (var (name, value) in Settings())
            {
                await SetAsync(name, value);
            }

            _takenBefore = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port).ToHashSet();
            _compose = compose;
            await UpAsync();
        }
    }

    public async Task UpAsync()
    {
        await ComposeAsync("up", "--detach");
        await Eventually.GetAsync(
            StatesAsync, states => states.All(state => state.State is "healthy" or "exited 0"), states => string.Join('\n', states));
    }

    /// <summary>Adds another file of <c>deploy/compose/</c> as an overlay for all later commands.</summary>
    public void LayOver(string file) => _overlays.Add(Path.Combine(PublishedCompose.Folder, file));

    /// <summary>Changes a setting in <c>.env</c> for all later commands.</summary>
    public async Task SetAsync(string name, string value)
    {
        _settings[name] = value;
        await System.IO.File.WriteAllLinesAsync(
            Path.Combine(_folder, "env"), _settings.Select(setting => $"{setting.Key}={setting.Value}"));
    }

    public Task<string> ComposeAsync(params string[] arguments)
    {
        string[] files = [Path.Combine(PublishedCompose.Folder, "compose.yaml"), .. _overlays, Path.Combine(_folder, "standins.yaml")];
        // This machine's environment must not take precedence over the file.
        var environment = File.Settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)null))
            .Concat([new("COMPOSE_PROFILES", null), new("COMPOSE_FILE", null), new("COMPOSE_PROJECT_NAME", null)]);
        return Tool.MustRunAsync(
            _compose![0],
            [
                .. _compose[1..], "--project-name", Project, "--env-file", Path.Combine(_folder, "env"),
                .. files.SelectMany(file => (string[])["--file", file]),
                .. arguments,
            ],
            environment);
    }

    /// <summary>Each service and its state: healthy, starting, running, exited 0, ….</summary>
    public async Task<IReadOnlyList<(string Service, string State, int Restarts)>> StatesAsync() =>
    [
        .. (await InspectAsync()).Select(container =>
        {
            var state = container.GetProperty("State");
            var status = state.GetProperty("Status").GetString()!;
            return (
                container.GetProperty("Config").GetProperty("Labels").GetProperty("com.docker.compose.service").GetString()!,
                status == "running"
                    ? state.TryGetProperty("Health", out var health) ? health.GetProperty("Status").GetString()! : status
                    : $"{status} {state.GetProperty("ExitCode").GetInt32()}",
                container.GetProperty("RestartCount").GetInt32());
        }).Order(),
    ];

    public async Task<IReadOnlyList<JsonElement>> InspectAsync()
    {
        var ids = (await Tool.MustRunAsync("docker", ["ps", "--all", "--quiet", "--filter", $"label=com.docker.compose.project={Project}"]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return ids.Length == 0
            ? []
            : [.. JsonSerializer.Deserialize<JsonElement>(await Tool.MustRunAsync("docker", ["inspect", .. ids])).EnumerateArray()];
    }

    public async Task<string> IdAsync(string service) => Id((await InspectAsync(service)).Single());

    /// <summary>The ID of a service's process on this machine.</summary>
    public Task<int> ProcessOfAsync(string service) => Eventually.GetAsync(
        async () => (await InspectAsync(service)).Single().GetProperty("State").GetProperty("Pid").GetInt32(),
        // A container that is restarting has PID 0, and `kill 0` would kill this test's own process group.
        process => process > 0);

    /// <summary>A service's address on a network, and that network's gateway.</summary>
    public async Task<(string Address, string Gateway)> AddressAsync(string service, string network = "services-net") =>
        Address((await InspectAsync(service)).Single(), network);

    /// <summary>The containers of a replicated service, and their addresses.</summary>
    public async Task<IReadOnlyList<(string Id, string Address)>> ReplicasAsync(string service) =>
        [.. (await InspectAsync(service)).Select(container => (Id(container), Address(container, "services-net").Address))];

    /// <summary>The engine's name for the one network that a service is on.</summary>
    public async Task<string> NetworkOfAsync(string service) =>
        (await InspectAsync(service))[0].GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Single().Name;

    /// <summary>Whether no other program on this machine uses the port of a <c>host:port</c>.</summary>
    public bool IsNobodysElse(string target) => !_takenBefore.Contains(Split(target).Port);

    /// <summary>Whether this machine can open a connection to a <c>host:port</c>.</summary>
    public static bool IsOpenHere(string target)
    {
        using var client = new TcpClient();
        var (host, port) = Split(target);
        try
        {
            return client.ConnectAsync(host, port).Wait(TimeSpan.FromSeconds(2)) && client.Connected;
        }
        catch (AggregateException)
        {
            return false;
        }
    }

    /// <summary>The <c>host:port</c> targets that a service can connect to.</summary>
    public async Task<IReadOnlyList<string>> ReachableAsync(string service, IEnumerable<string> targets)
    {
        const string script = """for t; do (timeout 3 bash -c "exec 3<>/dev/tcp/${t%:*}/${t##*:}" 2>/dev/null && echo "$t") & done; wait""";
        var answer = await Tool.MustRunAsync("docker", ["exec", await IdAsync(service), "bash", "-c", script, "bash", .. targets]);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order()];
    }

    /// <summary>Runs a script in the database's container.</summary>
    public async Task InPostgresAsync(string script) =>
        await Tool.MustRunAsync("docker", ["exec", await IdAsync("postgres"), "sh", "-c", script]);

    /// <summary>Runs SQL as one of the database's users, with the configured password unless another is given.</summary>
    public async Task<ToolResult> SqlAsync(string user, string sql, string? password = null) => await Tool.RunAsync(
        "docker",
        [
            "exec", "--env", $"PGPASSWORD={password ?? Password(user)}", await IdAsync("postgres"),
            "psql", "--no-psqlrc", "-h", "127.0.0.1", "-U", user, "-d", "promethoide", "-At", "-c", sql,
        ]);

    /// <summary>Runs a command of the API program in a service's container, as an administrator does.</summary>
    public async Task<string> AdministerAsync(params string[] words) =>
        (await Tool.MustRunAsync("docker", ["exec", await IdAsync("rest-api"), "dotnet", "Promethoide.Api.dll", .. words])).Trim();

    /// <summary>The result of a Prometheus query, now or at another time.</summary>
    public async Task<IReadOnlyDictionary<string, double>> QueryAsync(string promql, double? time = null)
    {
        var at = time is { } moment ? string.Create(CultureInfo.InvariantCulture, $"&time={moment}") : "";
        var answer = await _http.GetFromJsonAsync<JsonElement>(
            $"http://127.0.0.1:{PrometheusPort}/api/v1/query?query={Uri.EscapeDataString(promql)}{at}");
        return answer.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            sample => $"{Label(sample, "job")} {Label(sample, "instance")}".Trim(),
            sample => double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));

        static string Label(JsonElement sample, string name) =>
            sample.GetProperty("metric").TryGetProperty(name, out var label) ? label.GetString()! : "";
    }

    /// <summary>How many requests of a kind a replica has answered, according to its metrics.</summary>
    public async Task<double> AnsweredAsync(string address, int opsPort, string label)
    {
        var metrics = await _http.GetStringAsync($"http://{address}:{opsPort}/metrics");
        return Answered().Matches(metrics).Where(line => line.Groups["labels"].Value.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>Removes the network with its data. The next test that needs one gets a new one.</summary>
    public async Task RemoveAsync()
    {
        await ComposeAsync("down", "--volumes", "--remove-orphans");
        _compose = null;
        _overlays.Clear();
        _settings.Clear();
        ForgetOfficers();
    }

    public async ValueTask DisposeAsync()
    {
        if (_compose is not null)
        {
            await RemoveAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The result of a Prometheus query, as text.</summary>
    public static string Text(IReadOnlyDictionary<string, double> samples) => string.Join('\n', samples);

    public string Password(string role) => _settings[role == "promethoide" ? "POSTGRES_PASSWORD" : $"{role.ToUpperInvariant()}_PASSWORD"];

    private async Task<IReadOnlyList<JsonElement>> InspectAsync(string service) =>
    [
        .. (await InspectAsync()).Where(container =>
            container.GetProperty("Config").GetProperty("Labels").GetProperty("com.docker.compose.service").GetString() == service),
    ];

    private static string Id(JsonElement container) => container.GetProperty("Id").GetString()!;

    private static (string Address, string Gateway) Address(JsonElement container, string network)
    {
        var found = container.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Single(entry =>
            entry.Name.EndsWith(network, StringComparison.Ordinal)).Value;
        return (found.GetProperty("IPAddress").GetString()!, found.GetProperty("Gateway").GetString()!);
    }

    private static (string Host, int Port) Split(string target)
    {
        var colon = target.LastIndexOf(':');
        return (target[..colon], int.Parse(target.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private (string Name, string Value)[] Settings() =>
    [
        ("POSTGRES_PASSWORD", "ownersSecret"),
        ("PROMETHOIDE_API_PASSWORD", "apisSecret"),
        ("PROMETHOIDE_MONITOR_PASSWORD", "monitorsSecret"),
        ("GRAFANA_ADMIN_PASSWORD", "unused"),
        ("SUPERVISOR_PASSWORD", SupervisorPassword),
        ("SMOKE_KEY", SmokeKey),
        ("APACHE_PORT", $"{ApachePort}"),
        ("PROMETHEUS_PORT", $"127.0.0.1:{PrometheusPort}"),
        ("PROMETHOIDE_REGISTRY", $"{StandIns.Prefix}/"),
        ("SERVICES_SUBNET", $"10.213.{_subnet}.0/24"),
    ];

    private string Images()
    {
        var images = File.Services.Where(service => service.Value["image"]!.StartsWith("docker.io/", StringComparison.Ordinal))
            .Select(service => service.Key)
            .Except(["grafana", "mailpit"])
            .Select(name => $"  {name}: {{image: {StandIns.Prefix}/{name}}}");
        return $$"""
            services:
            {{string.Join('\n', images)}}
              grafana: {profiles: [left-out]}
              mailpit: {profiles: [left-out]}
              {{Operations}}:
                image: {{StandIns.Prefix}}/pushgateway
                command: ["--web.listen-address=:{{OperationsPort}}"]
                healthcheck: {test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:{{OperationsPort}}/-/ready"], interval: 5s}
                networks: [operations-net]
            """;
    }

    [GeneratedRegex(
        @"^http_server_request_duration_seconds_count\{(?<labels>[^}]*(?:\{[^}]*\}[^}]*)*)\} (?<value>[0-9.e+]+)",
        RegexOptions.Multiline)]
    private static partial Regex Answered();
}
