using System.Diagnostics;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Components;

/// <summary>PostgreSQL's programs and data folder. Its programs refuse root, so that root runs them as user <c>postgres</c>.</summary>
internal sealed class PostgresFiles
{
    private const string User = "postgres";

    private readonly string _folder;
    private readonly string _initdb;
    private readonly string _server;
    private readonly string? _setpriv;

    /// <exception cref="UserException">The data are of a version that is not installed, or user postgres is missing.</exception>
    public PostgresFiles(StateFolder state, Programs programs)
    {
        _folder = state.Combine("postgres");
        var version = File.Exists(VersionFile) ? File.ReadAllText(VersionFile).Trim() : null;
        _initdb = programs.Postgres("initdb", version);
        _server = programs.Postgres("postgres", version);
        _setpriv = Environment.IsPrivilegedProcess ? programs.Find("PostgreSQL as root", "setpriv") : null;
        programs.EnsureAllFound();

        if (_setpriv is not null && !Accounts.Exists(User))
        {
            throw new UserException($"PostgreSQL does not run as root and there is no user {User} to run it as. Make one (useradd --system {User}), or start as an ordinary user.");
        }

        if (version is not null && Output(_server, "--version") is var installed && !installed.Contains($") {version}.", StringComparison.Ordinal))
        {
            throw new UserException(
                $"The data in {_folder} were written by PostgreSQL {version}; installed is {installed.Trim()}. "
                + $"Install postgresql-{version} to go on with them, or begin anew with ./run.sh reset.");
        }
    }

    private string Data => Path.Combine(_folder, "data");

    private string VersionFile => Path.Combine(Data, "PG_VERSION");

    /// <summary>Makes the data folder when there is none; all of it or nothing.</summary>
    public async Task InitializeAsync(string owner, string password, string log, CancellationToken cancellationToken)
    {
        if (File.Exists(VersionFile))
        {
            return;
        }

        var beginning = Path.Combine(_folder, "beginning");
        var passwordFile = Path.Combine(_folder, "password");
        await RunAsync(new("rm", "-rf", beginning, passwordFile), log, cancellationToken);
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(passwordFile, "", cancellationToken);
        File.SetUnixFileMode(passwordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(passwordFile, password, cancellationToken);
        if (_setpriv is not null)
        {
            await RunAsync(new("chown", "-R", $"{User}:", _folder), log, cancellationToken);
        }

        await RunAsync(
            AsUser(_initdb, "--pgdata", beginning, "--username", owner, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
            log,
            cancellationToken);
        File.Delete(passwordFile);
        Directory.Move(beginning, Data);
    }

    /// <summary>The server, on loopback over TCP only.</summary>
    /// <param name="port">Its port.</param>
    /// <param name="throwAway">The data go with the network: no need to wait for the disk.</param>
    public Command Server(int port, bool throwAway) => AsUser(
        _server,
        [
            "-D", Data,
            "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            .. throwAway ? (string[])["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"] : [],
        ]);

    private Command AsUser(string program, params string[] arguments) =>
        (_setpriv is null ? new Command(program, arguments) : new Command(_setpriv, [$"--reuid={User}", $"--regid={User}", "--init-groups", program, .. arguments])) with
        {
            Environment = new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8", ["HOME"] = _folder },
            WorkingDirectory = "/",
        };

    private static async Task RunAsync(Command command, string log, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await File.AppendAllTextAsync(log, await output + await errors, cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new UserException($"{Path.GetFileName(command.Program)} ended with exit code {process.ExitCode}: {(await errors).Trim()}");
        }
    }

    private static string Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }
}
