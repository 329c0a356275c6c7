using System.Diagnostics;
using System.Net;
using Npgsql;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>The database that the services use: on a server that is started here, or on the one that <c>POSTGRES_HOST</c> names.</summary>
internal sealed class Database
{
    private const string ApiRole = "promethoide_api";
    private const string MonitorRole = "promethoide_monitor";
    private const string ApiPasswordVariable = "PROMETHOIDE_API_PASSWORD";
    private const string MonitorPasswordVariable = "PROMETHOIDE_MONITOR_PASSWORD";

    private readonly Checkout _checkout;
    private readonly StateFolder _state;
    private readonly PostgresFiles? _files;
    private readonly string _psql;
    private readonly string _host;
    private readonly int _port;
    private readonly string _sslMode;
    private readonly string _owner;
    private readonly string _ownerPassword;
    private readonly string _apiPassword;
    private readonly string _monitorPassword;
    private string _name;

    public Database(Checkout checkout, StateFolder state, Settings settings, Ports ports, Programs programs)
    {
        (_checkout, _state) = (checkout, state);
        _files = settings.PostgresHost is null ? new PostgresFiles(state, programs) : null;
        _psql = programs.Postgres("psql");
        _host = settings.PostgresHost ?? "127.0.0.1";
        _port = _files is null ? settings.PostgresPort ?? 5432 : ports["postgres"];
        // The exporter's driver cannot try encryption first and do without it second, as all others here do: it has to be told.
        _sslMode = settings["POSTGRES_SSLMODE"] ?? (_host == "localhost" || IPAddress.TryParse(_host, out var address) && IPAddress.IsLoopback(address) ? "disable" : "require");
        (_owner, _name) = (settings.PostgresUser, settings.PostgresDatabase);

        var secrets = new Secrets(state);
        _ownerPassword = OwnerPassword(settings, secrets);
        _apiPassword = settings[ApiPasswordVariable] ?? secrets.Keep(ApiRole);
        _monitorPassword = settings[MonitorPasswordVariable] ?? secrets.Keep(MonitorRole);
    }

    /// <summary>True when the server is started here.</summary>
    public bool IsOurs => _files is not null;

    public string Owner => ConnectionString(_owner, _ownerPassword);

    public string Api => ConnectionString(ApiRole, _apiPassword);

    /// <summary>What postgres_exporter reads; separate variables, since a URL would have to escape the password.</summary>
    public IReadOnlyDictionary<string, string> MonitorVariables => new Dictionary<string, string>
    {
        ["DATA_SOURCE_URI"] = $"{_host}:{_port}/{_name}?sslmode={_sslMode}",
        ["DATA_SOURCE_USER"] = MonitorRole,
        ["DATA_SOURCE_PASS"] = _monitorPassword,
    };

    /// <summary>How libpq's programs find the database as its owner.</summary>
    public IReadOnlyDictionary<string, string> OwnerVariables => new Dictionary<string, string>
    {
        ["PGHOST"] = _host,
        ["PGPORT"] = $"{_port}",
        ["PGDATABASE"] = _name,
        ["PGUSER"] = _owner,
        ["PGPASSWORD"] = _ownerPassword,
    };

    /// <summary>Another database on the same server, for the same roles.</summary>
    public Database WithName(string name)
    {
        var other = (Database)MemberwiseClone();
        other._name = name;
        return other;
    }

    public Component Component() => new("postgres")
    {
        Url = $"postgresql://{_host}:{_port}/{_name}",
        Start = _files is null ? null : async cancellationToken =>
        {
            await _files.InitializeAsync(_owner, _ownerPassword, _state.Log("postgres"), cancellationToken);
            return _files.Server(_port, throwAway: _state.IsEphemeral);
        },
        Health = AnswersAsync,
        // "Fast": ends the sessions instead of waiting for them.
        StopSignal = Signal.Interrupt,
    };

    /// <summary>On a new server, makes the database and runs <c>roles.sql</c>; on one that has the roles, nothing.</summary>
    /// <exception cref="UserException">The server refuses; says what to do.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var server = new NpgsqlConnection(ConnectionString(_owner, _ownerPassword, database: "postgres"));
            await server.OpenAsync(cancellationToken);
            if (await ExistsAsync(server, "SELECT 1 FROM pg_database WHERE datname = $1", _name, cancellationToken) is false)
            {
                await using var create = new NpgsqlCommand($"CREATE DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(_name)}", server);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }

            if (await ExistsAsync(server, "SELECT 1 FROM pg_roles WHERE rolname = $1", ApiRole, cancellationToken) is false)
            {
                await RunRolesAsync(cancellationToken);
            }
        }
        catch (PostgresException e)
        {
            throw new UserException($"PostgreSQL on {_host}:{_port} refuses {_owner}: {e.MessageText}.");
        }

        await EnsureRoleLogsInAsync(cancellationToken);
    }

    private async Task RunRolesAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_psql, ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", _checkout.Combine("postgres", "roles.sql")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in OwnerVariables)
        {
            start.Environment[name] = value;
        }

        start.Environment[ApiPasswordVariable] = _apiPassword;
        start.Environment[MonitorPasswordVariable] = _monitorPassword;
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await psql.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await psql.WaitForExitAsync(cancellationToken);
        if (psql.ExitCode != 0)
        {
            throw new UserException($"postgres/roles.sql failed: {errors.Trim()}");
        }
    }

    // The roles of a server that others made, or of data whose secrets were deleted, have passwords that we do not know.
    private async Task EnsureRoleLogsInAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(Api);
            await connection.OpenAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            throw new UserException(
                $"The server has the role {ApiRole} with another password. Give both roles' passwords as {ApiPasswordVariable} and {MonitorPasswordVariable}, or reset them: ALTER ROLE … PASSWORD.");
        }
    }

    private async Task<string?> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString(_owner, _ownerPassword, database: "postgres"));
            await connection.OpenAsync(cancellationToken);
            return null;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            throw new UserException($"PostgreSQL on {_host}:{_port} refuses the password of {_owner}: POSTGRES_PASSWORD is not the one that its data were made with.");
        }
        catch (NpgsqlException e)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    // What is given counts; but what these data were made with cannot be changed by giving something else.
    private string OwnerPassword(Settings settings, Secrets secrets)
    {
        if (!IsOurs)
        {
            return settings.PostgresPassword ?? throw new UserException("POSTGRES_HOST names a server, so POSTGRES_PASSWORD has to be given too.");
        }

        var kept = secrets.Keep("postgres", settings.PostgresPassword);
        return settings.PostgresPassword is null || settings.PostgresPassword == kept
            ? kept
            : throw new UserException($"POSTGRES_PASSWORD is not the one that the data in {_state.Root} were made with. Leave it out to go on with them, or begin anew with ./run.sh reset.");
    }

    private string ConnectionString(string user, string password, string? database = null) => new NpgsqlConnectionStringBuilder
    {
        Host = _host,
        Port = _port,
        Database = database ?? _name,
        Username = user,
        Password = password,
        Pooling = database is null,
    }.ConnectionString;

    private static async Task<bool> ExistsAsync(NpgsqlConnection server, string query, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, server) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }
}
