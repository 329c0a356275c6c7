using Promethoide.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Promethoide.Tests.Fixtures;

/// <summary>
/// The test run's own PostgreSQL server, on loopback, in a temporary folder. The first test that needs a database starts it; it stops
/// with the run.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Owner = "promethoide_owner";
    private const string OwnerPassword = "owner";

    // Characters that password generators produce and that break careless quoting.
    private const string ApiPassword = """it's "a\b" $1; -- é""";
    private const string MonitorPassword = """\'mo"nitor\\""";

    private readonly string _folder = Path.Combine("/tmp", $"promethoide-postgres-{Guid.NewGuid():N}");
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _binaries = FindBinaries();
    private bool _started;
    private int _databases;

    /// <summary>The port that the server listens on once it has been started.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>An empty database; by default <c>postgres/roles.sql</c> has been run on it.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(bool withRoles = true)
    {
        // One at a time: roles are server-wide, and PostgreSQL rejects concurrent changes to the same role.
        await _gate.WaitAsync();
        try
        {
            await StartAsync();
            var name = $"promethoide_{++_databases}";
            await PsqlAsync("postgres", ["-c", $"CREATE DATABASE {name}"]);
            if (withRoles)
            {
                await Tool.MustRunAsync(Binary("psql"), PsqlArguments(name, RolesScript), RolesEnvironment(ApiPassword, MonitorPassword));
            }

            return new TestDatabase(
                ConnectionString(name, Owner, OwnerPassword),
                ConnectionString(name, "promethoide_api", ApiPassword),
                ConnectionString(name, "promethoide_monitor", MonitorPassword));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs <c>postgres/roles.sql</c> on the database <c>postgres</c> with these passwords.</summary>
    public async Task<ToolResult> RunRolesScriptAsync(string? apiPassword, string? monitorPassword)
    {
        await _gate.WaitAsync();
        try
        {
            await StartAsync();
            return await Tool.RunAsync(
                Binary("psql"), PsqlArguments("postgres", RolesScript), RolesEnvironment(apiPassword, monitorPassword));
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stops the server, as an administrator would; <see cref="ResumeAsync"/> starts it again.</summary>
    public Task StopAsync() => RunAsPostgresAsync("pg_ctl", ["-D", Data, "-w", "-m", "fast", "stop"]);

    /// <summary>Starts the server again with its existing data.</summary>
    public Task ResumeAsync() => RunAsPostgresAsync("pg_ctl",
    [
        "-D", Data, "-w", "-s", "-l", Path.Combine(_folder, "log"), "-o",
        $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c max_connections=300 -c fsync=off "
        + "-c log_min_messages=fatal",
        "start",
    ]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await Tool.RunAsync("setpriv", AsPostgres("pg_ctl", ["-D", Data, "-w", "-m", "immediate", "stop"]));
            Directory.Delete(_folder, recursive: true);
        }

        _gate.Dispose();
    }

    private static string RolesScript => Path.Combine(Repository.Root, "postgres", "roles.sql");

    private string Data => Path.Combine(_folder, "data");

    private async Task StartAsync()
    {
        if (_started)
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, OwnerPassword);
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.MustRunAsync("chown", ["-R", "postgres:postgres", _folder]);
        }

        await RunAsPostgresAsync(
            "initdb", ["-D", Data, "-U", Owner, $"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"]);
        await ResumeAsync();
        _started = true;
    }

    private string Binary(string name) => Path.Combine(_binaries, name);

    private Task<string> RunAsPostgresAsync(string program, string[] arguments) => Environment.IsPrivilegedProcess
        ? Tool.MustRunAsync("setpriv", AsPostgres(program, arguments))
        : Tool.MustRunAsync(Binary(program), arguments);

    // PostgreSQL refuses to run as root.
    private string[] AsPostgres(string program, string[] arguments) =>
        ["--reuid=postgres", "--regid=postgres", "--init-groups", Binary(program), .. arguments];

    private Task<string> PsqlAsync(string database, string[] arguments) => Tool.MustRunAsync(
        Binary("psql"), ["-X", "-q", .. PsqlServer(database), .. arguments], [new("PGPASSWORD", OwnerPassword)]);

    private string[] PsqlServer(string database) => ["-h", "127.0.0.1", "-p", $"{Port}", "-U", Owner, "-d", database];

    private string[] PsqlArguments(string database, string script) => ["-X", "-q", .. PsqlServer(database), "-f", script];

    private static KeyValuePair<string, string?>[] RolesEnvironment(string? apiPassword, string? monitorPassword) =>
    [
        new("PGPASSWORD", OwnerPassword),
        new("PROMETHOIDE_API_PASSWORD", apiPassword),
        new("PROMETHOIDE_MONITOR_PASSWORD", monitorPassword),
    ];

    private string ConnectionString(string database, string user, string password) => new Npgsql.NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = user,
        Password = password,
    }.ConnectionString;

    private static string FindBinaries() => Directory
        .EnumerateDirectories("/usr/lib/postgresql")
        .Select(version => Path.Combine(version, "bin"))
        .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
        .Max() ?? throw new InvalidOperationException("PostgreSQL's server is not installed: apt-get install postgresql.");
}
