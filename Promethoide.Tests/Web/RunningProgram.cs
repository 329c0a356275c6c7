using System.Diagnostics;
using System.Text;

namespace Promethoide.Tests.Web;

/// <summary>A program that a test started, with its output.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    // A loaded two-core machine takes several times as long as an idle one.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Standard output and error, up to now.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static RunningProgram Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Waits until the address responds, with any status.</summary>
    public async Task AnswersAsync(string address)
    {
        using var http = new HttpClient();
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                using var response = await http.GetAsync(address);
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited && clock.Elapsed < Patience)
            {
                // It is still starting.
            }
            catch (HttpRequestException)
            {
                throw new InvalidOperationException($"It does not respond at {address}:\n{Output}");
            }
        }
    }

    /// <summary>Waits until the output contains the text.</summary>
    public async Task SaysAsync(string text)
    {
        for (var clock = Stopwatch.StartNew(); !Output.Contains(text, StringComparison.Ordinal); await Task.Delay(200))
        {
            Assert.True(clock.Elapsed < Patience, $"It never said '{text}':\n{Output}");
        }
    }

    /// <summary>Sends SIGTERM and waits for the program to exit; returns how long that took.</summary>
    public async Task<TimeSpan> TerminateAsync()
    {
        var clock = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-TERM", $"{Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        return clock.Elapsed;
    }

    /// <summary>Waits for it to exit by itself; returns the exit code.</summary>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
