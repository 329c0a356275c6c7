using System.Diagnostics;

namespace Promethoide.AppHost;

/// <summary>PostgreSQL as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="folder">The folder with <c>server.sh</c>.</param>
internal sealed class PostgresProcessResource(string name, string folder) : ExecutableResource(name, "bash", folder), IComponentResource;

/// <summary>
/// PostgreSQL as a process, on loopback over TCP only. <c>server.sh</c> does what the official image does in a container, with the same
/// variables.
/// </summary>
internal static class PostgresProcess
{
    // PostgreSQL's programs refuse to run as root.
    private const string User = "postgres";

    /// <summary>True when data of an earlier run exist.</summary>
    public static bool HasData(StateFolder state, string name) => VersionOfData(state, name) is not null;

    public static IResourceBuilder<PostgresProcessResource> AddPostgresProcess(
        this IDistributedApplicationBuilder builder,
        string name,
        int port,
        DatabaseSettings settings,
        IResourceBuilder<ParameterResource> password)
    {
        var (state, programs) = (builder.State(), builder.Programs());
        var version = VersionOfData(state, name);
        var binaries = programs.FindPostgres(version);
        programs.Require("util-linux", "setpriv");
        EnsureUserExists();
        EnsureCanRead(version, binaries, state.Combine(name));

        var postgres = builder.AddResource(new PostgresProcessResource(name, Path.Combine(builder.AppHostDirectory, "Postgres")))
            .WithEndpoint(port, targetPort: port, scheme: "tcp", name: OwnServer.Endpoint, isProxied: false)
            .WithEnvironment("POSTGRES_USER", settings.User)
            .WithEnvironment("POSTGRES_PASSWORD", password)
            .WithEnvironment("POSTGRES_DB", settings.Name)
            .WithEnvironment(DatabaseSettings.ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(DatabaseSettings.MonitorPasswordVariable, settings.MonitorPassword)
            .WithPrivateFolder()
            .WithIconName("DatabaseMultiple");

        return postgres
            .WithArgs("server.sh", binaries, state.Combine(name), Path.GetFullPath(DatabaseSettings.Roles, builder.AppHostDirectory))
            .WithArgs(postgres.GetEndpoint(OwnServer.Endpoint).Property(EndpointProperty.TargetPort))
            // Ephemeral data need not survive a power failure: no need to wait for the disk. Acknowledged writes still survive a crash of
            // PostgreSQL.
            .WithArgs(state.IsEphemeral ? ["-c", "fsync=off", "-c", "full_page_writes=off"] : []);
    }

    private static string? VersionOfData(StateFolder state, string name)
    {
        var file = state.Combine(name, "data", "PG_VERSION");
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"{state.Root} cannot be read by {Environment.UserName}: it is of a network that another user (root?) started. Start as "
                + "that user, or keep nothing: --ephemeral.");
        }
    }

    private static void EnsureUserExists()
    {
        if (Environment.IsPrivilegedProcess && !Accounts.Exists(User))
        {
            throw new DistributedApplicationException(
                $"PostgreSQL does not run as root, and there is no user {User} to run it as. Make one (useradd --system {User}), or "
                + "start as an ordinary user.");
        }
    }

    private static void EnsureCanRead(string? version, string binaries, string folder)
    {
        var program = Path.Combine(binaries, "postgres");
        if (version is null || !File.Exists(program))
        {
            return;
        }

        using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
        var installed = process.StandardOutput.ReadToEnd().Trim();
        if (!installed.Contains($") {version}.", StringComparison.Ordinal))
        {
            throw new DistributedApplicationException(
                $"The data in {folder} were written by PostgreSQL {version}; installed is {installed}. Install postgresql-{version} to "
                + "go on with them, or begin anew: ./run.sh reset.");
        }
    }
}
