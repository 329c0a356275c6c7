using System.Diagnostics;

namespace Promethoide.Tests.Fixtures;

/// <summary>
/// A file system of its own, in memory, that can be filled without filling this machine's disk. Only root can mount one, and not in every
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
        // Root's processes are other users.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Folder);
        using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=0777", "promethoide", Folder]);
        mount.WaitForExit();
        Assert.Equal(0, mount.ExitCode);
    }

    /// <summary>Whether this process may mount: CAP_SYS_ADMIN, bit 21 of what the kernel says of it.</summary>
    public static bool IsPossible { get; } =
        (Convert.ToUInt64(
            File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim(),
            16) & (1UL << 21)) != 0;

    /// <summary>Where it is mounted; everybody may write there.</summary>
    public string Folder => Path.Combine(_folder, "disk");

    /// <summary>Not a byte is free, until the end of what is returned.</summary>
    public async Task<IAsyncDisposable> FillAsync()
    {
        var filling = Path.Combine(Folder, "filling");
        var result = await Tool.RunAsync("dd", ["if=/dev/zero", $"of={filling}", "bs=64K"]);
        Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
        return new Ending(() => Task.Run(() => File.Delete(filling)));
    }

    /// <summary>It fills step by step, until the end of what is returned.</summary>
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
