using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Promethoide.Bench;

/// <summary>The benchmark's own server, beside the network: a process that reports at an address when it is ready.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly HttpClient Http = new();

    private readonly Process _process;

    private Server(Process process, TimeSpan startToReady) => (_process, StartToReady) = (process, startToReady);

    /// <summary>The time until it was ready.</summary>
    public TimeSpan StartToReady { get; }

    /// <summary>Its peak resident memory, in MB.</summary>
    public double PeakMemory
    {
        get
        {
            var words = File.ReadLines($"/proc/{_process.Id}/status")
                .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return double.Parse(words[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>A project's built program, in the same build configuration as this one.</summary>
    public static string Assembly(string project) =>
        Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory,
            "..",
            "..",
            project,
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            $"{project}.dll"));

    /// <summary>A TCP port that is free at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <exception cref="InvalidOperationException">It ended before it was ready.</exception>
    public static async Task<Server> StartAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string readyAddress)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var clock = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEndAsync();
        while (!await IsReadyAsync(readyAddress))
        {
            if (process.HasExited || clock.Elapsed > Patience)
            {
                throw new InvalidOperationException(
                    $"{program} {string.Join(' ', arguments)} did not become ready: {(process.HasExited ? await errors : readyAddress)}");
            }

            await Task.Delay(10);
        }

        return new(process, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(string address)
    {
        try
        {
            using var answer = await Http.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
