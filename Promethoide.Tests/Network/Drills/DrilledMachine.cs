using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// node-exporter's view of this machine: a copy of the few <c>/proc</c> files that it reads, in which a drill can pretend that
/// CPU or memory is exhausted without affecting the machine itself, on which other tests run. Its disk is real: a separate small file
/// system, which only root can mount, and not in every container.
/// </summary>
internal sealed class DrilledMachine : IAsyncDisposable
{
    private readonly SmallDisk? _disk = SmallDisk.IsPossible ? new(megabytes: 32) : null;
    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-machine-").FullName;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Task _time;
    private volatile bool _busy;

    public DrilledMachine()
    {
        // When started by root, the exporter runs as another user.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        foreach (var file in (string[])["stat", "meminfo", "vmstat", "loadavg"])
        {
            File.Copy($"/proc/{file}", Path.Combine(Proc, file));
        }

        Directory.CreateDirectory(Path.Combine(Proc, "1"));
        // node-exporter skips in-memory file systems, and this disk is one.
        File.WriteAllText(Path.Combine(Proc, "1", "mounts"), _disk is null ? "" : $"drill {_disk.Folder} ext4 rw 0 0\n");
        _time = PassTimeAsync();
    }

    private string Proc => Directory.CreateDirectory(Path.Combine(_folder, "proc")).FullName;

    /// <summary>Points node-exporter at this machine.</summary>
    public void Watch(IDistributedApplicationTestingBuilder builder) =>
        builder.Process("node-exporter").WithArgs($"--path.procfs={Proc}");

    /// <summary>All CPUs are busy until the returned object is disposed.</summary>
    public IAsyncDisposable UseProcessors()
    {
        _busy = true;
        return new Ending(() =>
        {
            _busy = false;
            return Task.CompletedTask;
        });
    }

    /// <summary>Almost no memory is available until the returned object is disposed.</summary>
    public IAsyncDisposable UseMemory() =>
        Change("meminfo", line => line.StartsWith("MemAvailable:", StringComparison.Ordinal) ? "MemAvailable: 1024 kB" : line);

    /// <summary>The kernel has killed a process for lack of memory.</summary>
    public IAsyncDisposable KillForMemory()
    {
        Rewrite(Path.Combine(Proc, "vmstat"), line => line.StartsWith("oom_kill ", StringComparison.Ordinal)
            ? $"oom_kill {long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) + 1}"
            : line);
        return new Ending(() => Task.CompletedTask);
    }

    /// <summary>The clock jumps back by an hour, as the kernel's boot time shows.</summary>
    public IAsyncDisposable PutClockBack()
    {
        Rewrite(Path.Combine(Proc, "stat"), line => line.StartsWith("btime ", StringComparison.Ordinal)
            ? $"btime {long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) - 3600}"
            : line);
        return new Ending(() => Task.CompletedTask);
    }

    /// <summary>Fills the disk gradually; the returned object frees the space when disposed.</summary>
    /// <param name="share">How full it becomes, from 0 to 1.</param>
    public Task<IAsyncDisposable> FillDiskAsync(double share) => _disk!.FillAsync(share, TimeSpan.FromSeconds(10));

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _time;
        _over.Dispose();
        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Ending Change(string name, Func<string, string> change)
    {
        var file = Path.Combine(Proc, name);
        var before = File.ReadAllText(file);
        Rewrite(file, change);
        return new(() => File.WriteAllTextAsync(file, before));
    }

    // Each CPU is either busy or idle, for 100 ticks a second: name user nice system idle …
    private async Task PassTimeAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            Rewrite(
                Path.Combine(Proc, "stat"),
                line => line.StartsWith("cpu", StringComparison.Ordinal)
                    && line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        is [var name, var user, var nice, var system, var idle, .. var rest]
                    ? $"{name} {After(user, _busy)} {nice} {system} {After(idle, !_busy)} {string.Join(' ', rest)}"
                    : line);
            await Task.Delay(500, CancellationToken.None);
        }
    }

    private static string After(string ticks, bool passing) =>
        (long.Parse(ticks, CultureInfo.InvariantCulture) + (passing ? 50 : 0)).ToString(CultureInfo.InvariantCulture);

    // Replaced atomically: it may be read at any time.
    private void Rewrite(string file, Func<string, string> change)
    {
        lock (_gate)
        {
            File.WriteAllLines($"{file}.new", File.ReadAllLines(file).Select(change));
            File.Move($"{file}.new", file, overwrite: true);
        }
    }
}
