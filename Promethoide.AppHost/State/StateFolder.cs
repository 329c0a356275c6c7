using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>
/// The folder of the data that a network keeps on this machine outside volumes: <c>.promethoide/data</c> in the checkout, or an ephemeral
/// folder. One running network owns it, through a lock that the kernel releases however the owner ends. The lock file marks the folder as
/// Promethoide's: <c>run.sh reset</c> deletes no other.
/// </summary>
internal sealed class StateFolder : IHostedLifecycleService
{
    /// <summary>The environment variable that names another folder; <c>run.sh</c> reads it too.</summary>
    public const string Variable = "PROMETHOIDE_DATA";

    private const string Mark = "promethoide.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Root's processes have their own users, who pass through to their own files.
    private const UnixFileMode OwnerAndPassage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadByEverybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // DCP kills processes that have not ended after six seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _checkout;
    private readonly string _home;
    private readonly bool _isChosen;
    private readonly Dictionary<string, string> _copies = [];
    private FileStream? _lock;

    /// <param name="checkout">The repository's folder.</param>
    /// <param name="ephemeral">Whether the folder is deleted with the network.</param>
    /// <param name="chosen">A folder other than the checkout's; null for the checkout's.</param>
    /// <exception cref="DistributedApplicationException">PostgreSQL's user cannot enter the chosen folder.</exception>
    public StateFolder(string checkout, bool ephemeral, string? chosen)
    {
        (_checkout, IsEphemeral, _isChosen) = (checkout, ephemeral, chosen is not null && !ephemeral);
        _home = Home(checkout);
        Root = (ephemeral, chosen) switch
        {
            (true, _) =>
                Path.Combine(_home, "ephemeral", $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"),
            (false, { } folder) => Path.GetFullPath(folder, checkout),
            _ => Path.Combine(_home, "data"),
        };
        if (_isChosen && !IsPassable(Root))
        {
            throw new DistributedApplicationException(
                $"PostgreSQL does not run as root, and its user cannot enter {Root}. Choose a folder that everybody may pass through, "
                + $"such as {Variable}=/var/lib/promethoide.");
        }
    }

    public string Root { get; }

    /// <summary>True when the folder is deleted with the network.</summary>
    public bool IsEphemeral { get; }

    /// <summary>What survives when data are deleted: downloads.</summary>
    public string Downloads => Path.Combine(_checkout, ".promethoide");

    /// <summary>A path in the network's state.</summary>
    public string Combine(params ReadOnlySpan<string> path) => Path.Combine(Root, Path.Combine(path));

    /// <summary>A folder inside that only its owner may enter; created if missing.</summary>
    public string PrivateFolder(string name) => CreateDirectory(Combine(name), OwnerOnly);

    /// <summary>
    /// Where processes find a file or folder of the checkout: in place or, if the users of root's processes could not read it, in a copy
    /// that each start makes.
    /// </summary>
    public string ForEverybody(string path)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess || IsReadable(path))
        {
            return path;
        }

        var copy = Combine($"copy-of-{Path.GetRelativePath(_checkout, path).Replace('/', '-')}");
        _copies[copy] = path;
        return copy;
    }

    /// <summary>True when every user can read a file, or a folder with all its contents.</summary>
    public static bool IsReadable(string path) =>
        IsPassable(path)
        && new FileInfo(path) is { } entry
        && entry.UnixFileMode.HasFlag(UnixFileMode.OtherRead)
        && (!Directory.Exists(path)
            || entry.UnixFileMode.HasFlag(UnixFileMode.OtherExecute) && Directory.EnumerateFileSystemEntries(path).All(IsReadable));

    /// <summary>A folder inside that the users of root's other processes may pass through to their own files; created if missing.</summary>
    public void PassableFolder(string name) => CreatePassable(new DirectoryInfo(Combine(name)));

    /// <summary>A folder that everyone who reaches it may write to; created if missing.</summary>
    public static void OpenFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            // A separate step: on creation the umask removes permissions.
            File.SetUnixFileMode(
                folder,
                OwnerOnly
                    | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>How to open a file that nobody else may read, and that only one process at a time may open.</summary>
    public static FileStreamOptions Private(FileMode mode, FileOptions options = FileOptions.None)
    {
        var open = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return open;
    }

    /// <summary>Creates and locks the folder before anything starts.</summary>
    /// <exception cref="DistributedApplicationException">The folder cannot be used; says why and what to do.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        DeleteAbandoned();
        try
        {
            CreatePassable(new DirectoryInfo(Root));
            _lock = TryLock(Root) ?? throw new DistributedApplicationException(
                $"Promethoide already runs with the data in {Root}. Stop it (Ctrl-C there, or: dotnet aspire stop), or start another "
                + "network beside it: --ephemeral --ports auto.");
            if (!OperatingSystem.IsWindows())
            {
                // An earlier version may have created it.
                File.SetUnixFileMode(_lock.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            ShowInCheckout();
            foreach (var (copy, path) in _copies)
            {
                Copy(path, copy);
            }

            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"{Root} cannot be written by {Environment.UserName}. Give it to that user (sudo chown -R {Environment.UserName} "
                + $"{Root}), choose another folder ({Variable}=DIR), or keep nothing: --ephemeral.");
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException(
                $"{Root} cannot be used: {e.Message} Fix that, or choose another folder: {Variable}=DIR.");
        }
    }

    /// <summary>Releases the folder after everything has stopped; deletes an ephemeral one.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Release();
        return Task.CompletedTask;
    }

    /// <summary>The same after an aborted start, which stops nothing in order.</summary>
    public void Release()
    {
        if (_lock is null)
        {
            return;
        }

        try
        {
            File.Delete(Combine(PsqlService.File));
            if (IsEphemeral)
            {
                EndProcesses();
                Directory.Delete(Root, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process in it is still ending: the next start deletes it.
        }

        _lock.Dispose();
        _lock = null;
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A folder under /var/lib if root's checkout is in a folder that PostgreSQL's user cannot enter (/root).
    private static string Home(string checkout)
    {
        var visible = Path.Combine(checkout, ".promethoide");
        return IsPassable(visible)
            ? visible
            : $"/var/lib/promethoide/{Path.GetFileName(checkout)}-"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout)))[..8];
    }

    // A process has to end before its folder is deleted: one that still runs, like initdb in its first second, would fail over missing
    // files. DCP does not wait for that, and after an aborted start it ends processes only after this one.
    private void EndProcesses()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // None, twice in a row: a process that ends while they are listed may have started another that is not on the list.
        for (var (clock, none) = (Stopwatch.StartNew(), 0); clock.Elapsed < Patience && none < 2; Thread.Sleep(100))
        {
            var processes = Processes();
            processes.ForEach(Posix.End);
            none = processes.Count == 0 ? none + 1 : 0;
        }
    }

    // Those that got the folder as an argument or variable; nobody else knows of an ephemeral one.
    private List<int> Processes() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let id = int.TryParse(Path.GetFileName(folder), out var number) ? number : Environment.ProcessId
           where id != Environment.ProcessId && (Mentions(Path.Combine(folder, "cmdline")) || Mentions(Path.Combine(folder, "environ")))
           select id,
    ];

    private bool Mentions(string file)
    {
        try
        {
            return File.ReadAllText(file).Contains(Root, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsPassable(string folder)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return true;
        }

        for (var parent = Directory.GetParent(folder); parent is not null; parent = parent.Parent)
        {
            if (parent.Exists && !parent.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    // Makes a folder elsewhere easy to find from the checkout.
    private void ShowInCheckout()
    {
        var visible = Path.Combine(Downloads, "data");
        if (!IsEphemeral && !_isChosen && Root != visible && !Path.Exists(visible))
        {
            Directory.CreateDirectory(Downloads);
            File.CreateSymbolicLink(visible, Root);
        }
    }

    // Ephemeral folders whose network was killed.
    private void DeleteAbandoned()
    {
        var folder = Path.Combine(_home, "ephemeral");
        // One without a mark is just being created by another network that is starting.
        foreach (var abandoned in Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Where(found => File.Exists(Path.Combine(found, Mark)))
            : [])
        {
            try
            {
                using var taken = TryLock(abandoned);
                if (taken is not null)
                {
                    Directory.Delete(abandoned, recursive: true);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or someone else is deleting it.
            }
        }
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, Mark), Private(FileMode.OpenOrCreate));
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, Mark)))
        {
            return null;
        }
    }

    // For an ordinary user's network, nobody else needs access.
    private static void CreatePassable(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows())
        {
            folder.Create();
            return;
        }

        var mode = Environment.IsPrivilegedProcess ? OwnerAndPassage : OwnerOnly;
        if (folder is { Exists: false, Parent: { Exists: false } parent })
        {
            CreatePassable(parent);
        }

        // A separate step: on creation the umask removes permissions.
        Directory.CreateDirectory(folder.FullName);
        File.SetUnixFileMode(folder.FullName, mode);
    }

    private static void Copy(string path, string copy)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (!Directory.Exists(path))
        {
            File.Copy(path, copy, overwrite: true);
            File.SetUnixFileMode(copy, ReadByEverybody);
            return;
        }

        Directory.CreateDirectory(copy);
        File.SetUnixFileMode(copy, ReadByEverybody | OwnerAndPassage);
        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
        {
            Copy(entry, Path.Combine(copy, Path.GetFileName(entry)));
        }
    }

    private static string CreateDirectory(string folder, UnixFileMode mode) =>
        (OperatingSystem.IsWindows() ? Directory.CreateDirectory(folder) : Directory.CreateDirectory(folder, mode)).FullName;
}

internal static class StateFolderExtensions
{
    /// <summary>Decides where the network keeps its state.</summary>
    public static void AddState(this IDistributedApplicationBuilder builder, bool ephemeral)
    {
        var state = new StateFolder(
            Path.GetDirectoryName(builder.AppHostDirectory)!,
            ephemeral,
            builder.Configuration[StateFolder.Variable] is { Length: > 0 } chosen ? chosen : null);
        builder.Services.AddSingleton(state);
        // Before Aspire's own services, so that it is the first to start and the last to stop.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(state));
    }

    /// <summary>Where the network keeps its state.</summary>
    public static StateFolder State(this IDistributedApplicationBuilder builder) => builder.Registered<StateFolder>()!;
}
