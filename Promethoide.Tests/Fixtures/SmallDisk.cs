using System.Diagnostics;

namespace Promethoide.Tests.Fixtures;

/// <summary>
/// An in-memory file system that can be filled without filling this machine's disk. Only root can mount one, and not in every
/// container.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int Steps = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-disk-").FullName;
    private readonly long _size;

    public SmallDisk(int megabytes)
    {
        _size = megabytes * 1024L * 1024;
        // Processes started by root run as other users.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Folder);
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=0777", "promethoide", Folder]);
        mount.WaitForExit();
        Assert.Equal(0, mount.ExitCode);
    }

    /// <summary>Whether this process may mount: CAP_SYS_ADMIN, bit 21 of its effective capabilities.</summary>
    public static bool IsPossible { get; } =
        (Convert.ToUInt64(
            File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim(),
            16) & (1UL << 21)) != 0;

    /// <summary>Its mount point; every user may write there.</summary>
    public string Folder => Path.Combine(_folder, "disk");

    /// <summary>Fills it to the last byte until the returned object is disposed.</summary>
    public async Task<IAsyncDisposable> FillAsync()
    {
        var filling = Path.Combine(Folder, "filling");
        var result = await Tool.RunAsync("dd", ["if=/dev/zero", $"of={filling}", "bs=64K"]);
        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
        return new Ending(() => Task.Run(() => File.Delete(filling)));
    }

    /// <summary>Fills it step by step; the returned object frees the space when disposed.</summary>
    /// <param name="share">How full it becomes, from 0 to 1.</param>
    /// <param name="time">How long it takes.</param>
    public async Task<IAsyncDisposable> FillAsync(double share, TimeSpan time)
    {
        var filling = Path.Combine(Folder, "filling");
        for (var step = 1; step <= Steps; step++)
        {
            await File.WriteAllBytesAsync(filling, new byte[(int)(_size * share * step / Steps)]);
            await Task.Delay(time / Steps);
        }

        return new Ending(() => Task.Run(() => File.Delete(filling)));
    }

    public async ValueTask DisposeAsync()
    {
        await Tool.RunAsync("umount", ["--lazy", Folder]);
        Directory.Delete(_folder, recursive: true);
    }
}
