using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Promethoide.Local.Supervision;

/// <summary>The signals that are sent to components.</summary>
public enum Signal
{
    /// <summary>SIGHUP.</summary>
    Hangup = 1,

    /// <summary>SIGINT: PostgreSQL's fast shutdown.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,
}

/// <summary>
/// A running component: the leader of a session of its own, so that the terminal's Ctrl-C reaches Promethoide alone and the order of stopping is
/// kept, and so that whatever it started can be ended with it. It writes to its log file directly and leaves a record of itself, from which the next
/// start finds it when Promethoide was killed (<see cref="ProcessRecords"/>).
/// </summary>
internal sealed partial class ChildProcess
{
    // bash, since dash drops variables whose names are no words of its own, and service discovery's names have dashes.
    // The record is written by the child itself before it becomes the component: there is no moment at which it runs unrecorded.
    private const string Launcher = """
        log=$1 record=$2; shift 2
        read -r stat </proc/$$/stat && printf '%s\n' "$stat" >"$record" || exit 126
        exec "$@" </dev/null >>"$log" 2>&1
        """;

    private static readonly string[] Inherited =
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "DOTNET_ROOT", "DOTNET_CLI_HOME", "SSL_CERT_DIR", "SSL_CERT_FILE", "XDG_RUNTIME_DIR"];

    private readonly Process _process;
    private readonly string _record;

    private ChildProcess(Process process, string record) => (_process, _record) = (process, record);

    public int Id => _process.Id;

    /// <summary>Starts a command.</summary>
    /// <exception cref="UserException">The program cannot be started.</exception>
    public static ChildProcess Start(Command command, string workingDirectory, string log, string record)
    {
        var start = new ProcessStartInfo("setsid") { WorkingDirectory = command.WorkingDirectory ?? workingDirectory };
        foreach (var argument in (string[])["bash", "-c", Launcher, "promethoide", log, record, command.Program, .. command.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        // A component gets what it needs and no secret of another one; ASPNETCORE_* of the calling shell would move its ports.
        start.Environment.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (Array.IndexOf(Inherited, name) >= 0 || name.StartsWith("LC_", StringComparison.Ordinal))
            {
                start.Environment[name] = (string?)variable.Value;
            }
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new(Process.Start(start)!, record);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new UserException($"{command.Program} could not be started: {e.Message}.");
        }
    }

    /// <summary>Waits for its end and returns its exit code (128 + n when signal n ended it).</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Ends it and all that it started: by <paramref name="signal"/>, and by SIGKILL when it lasts longer than <paramref name="patience"/>.</summary>
    public async Task StopAsync(Signal signal, TimeSpan patience, CancellationToken hurry)
    {
        if (!_process.HasExited)
        {
            Send(_process.Id, signal);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(hurry);
            limit.CancelAfter(patience);
            await WaitAsync(limit.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Forget();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Cleans up after it has ended: what it started ends too, its record goes.</summary>
    public void Forget()
    {
        Send(-_process.Id, Signal.Kill);
        File.Delete(_record);
    }

    /// <summary>Sends a signal to a process, or to a process group when negative; a process that is gone is no error.</summary>
    public static void Send(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
