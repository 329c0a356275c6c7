using System.Diagnostics;
using System.Text;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Tests.Local;

/// <summary>Promethoide.Local as a user starts it: a process of its own.</summary>
internal sealed class LocalProgram : IAsyncDisposable
{
    // A loaded two-core machine takes several times what an idle one does.
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private LocalProgram(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public static LocalProgram Start(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : "dotnet", [Checkout.Find().Assembly("Promethoide.Local"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    public static LocalProgram Start(params IEnumerable<string> arguments) => Start(environment: null, arguments);

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        await using var program = Start(environment, arguments);
        var output = await program._process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        return (await program.WaitAsync(), output, program.Errors);
    }

    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params IEnumerable<string> arguments) => RunAsync(environment: null, arguments);

    /// <summary>Reads one line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    public async Task<int> WaitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Send(Signal signal) => ChildProcess.Send(_process.Id, signal);

    /// <summary>Stops it as Ctrl-C does, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send(Signal.Terminate);
            await WaitAsync();
        }

        _process.Dispose();
    }
}
