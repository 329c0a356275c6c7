using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>
/// The folder of what a network keeps on this machine beside volumes: <c>.promethoide/data</c> in the checkout, or a throw-away. One
/// running network owns it, by a lock that the kernel releases however the owner ends. The lock's file marks the folder as Promethoide's:
/// <c>run.sh reset</c> deletes no other.
/// </summary>
internal sealed class StateFolder : IHostedLifecycleService
{
    /// <summary>The environment variable that names another folder; <c>run.sh</c> reads it too.</summary>
    public const string Variable = "PROMETHOIDE_DATA";

    private const string Mark = "promethoide.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Root's processes have users of their own, who pass through to what is theirs.
    private const UnixFileMode OwnerAndPassage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadByEverybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // DCP kills what has not ended by itself after six seconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _checkout;
    private readonly string _home;
    private readonly bool _isChosen;
    private readonly Dictionary<string, string> _copies = [];
    private FileStream? _lock;

    /// <param name="checkout">The repository's folder.</param>
    /// <param name="ephemeral">Whether the folder goes with the network.</param>
    /// <param name="chosen">Another folder than the checkout's; null for that.</param>
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

    /// <summary>True when the folder goes with the network.</summary>
    public bool IsEphemeral { get; }

    /// <summary>What stays when data are deleted: downloads.</summary>
    public string Downloads => Path.Combine(_checkout, ".promethoide");

    /// <summary>Where something of the network lies.</summary>
    public string Combine(params ReadOnlySpan<string> path) => Path.Combine(Root, Path.Combine(path));

    /// <summary>A folder inside that only its owner may enter; made when missing.</summary>
    public string PrivateFolder(string name) => CreateDirectory(Combine(name), OwnerOnly);

    /// <summary>
    /// Where processes find a file or folder of the checkout: there, or, where the users of root's processes could not read it, in a copy
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

    /// <summary>True when every user can read a file, or a folder with all that is in it.</summary>
    public static bool IsReadable(string path) =>
        IsPassable(path)
        && new FileInfo(path) is { } entry
        && entry.UnixFileMode.HasFlag(UnixFileMode.OtherRead)
        && (!Directory.Exists(path)
            || entry.UnixFileMode.HasFlag(UnixFileMode.OtherExecute) && Directory.EnumerateFileSystemEntries(path).All(IsReadable));

    /// <summary>A folder inside through which the users of root's other processes pass to what they may read; made when missing.</summary>
    public void PassableFolder(string name) => CreatePassable(new DirectoryInfo(Combine(name)));

    /// <summary>A folder that everybody who gets there may write; made when missing.</summary>
    public static void OpenFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            // Apart from making it: there the umask takes permissions away.
            File.SetUnixFileMode(
                folder,
                OwnerOnly
                    | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>How to open a file that nobody else may read, and that one process at a time has.</summary>
    public static FileStreamOptions Private(FileMode mode, FileOptions options = FileOptions.None)
    {
        var open = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return open;
    }

    /// <summary>Makes the folder, and takes it, before anything starts.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be used; says why and what to do.</exception>
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
                // Of an earlier version, too.
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

    /// <summary>Lets go of the folder after everything has stopped; a throw-away is deleted.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Release();
        return Task.CompletedTask;
    }

    /// <summary>The same for a start that was broken off, after which nothing is stopped in order.</summary>
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
            // A process is still ending in it: the next start deletes it.
        }

        _lock.Dispose();
        _lock = null;
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedLifecycleService.StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    Task IHostedService.StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Where root's checkout lies in a folder that PostgreSQL's user cannot enter (/root), a folder under /var/lib.
    private static string Home(string checkout)
    {
        var visible = Path.Combine(checkout, ".promethoide");
        return IsPassable(visible)
            ? visible
            : $"/var/lib/promethoide/{Path.GetFileName(checkout)}-"
                + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout)))[..8];
    }

    // Before its folder goes, a process has to have ended: one that still runs, as initdb in the first second, would fail over missing
    // files. DCP does not wait for that, and ends processes only after ourselves when the start was broken off.
    private void EndProcesses()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // None twice in a row: one that ends while they are listed may have started another that is not on the list.
        for (var (clock, none) = (Stopwatch.StartNew(), 0); clock.Elapsed < Patience && none < 2; Thread.Sleep(100))
        {
            var processes = Processes();
            processes.ForEach(Posix.End);
            none = processes.Count == 0 ? none + 1 : 0;
        }
    }

    // Those that were told of the folder; nobody else knows of a throw-away.
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

    // A folder elsewhere is found in the checkout all the same.
    private void ShowInCheckout()
    {
        var visible = Path.Combine(Downloads, "data");
        if (!IsEphemeral && !_isChosen && Root != visible && !Path.Exists(visible))
        {
            Directory.CreateDirectory(Downloads);
            File.CreateSymbolicLink(visible, Root);
        }
    }

    // Throw-aways whose network was killed.
    private void DeleteAbandoned()
    {
        var folder = Path.Combine(_home, "ephemeral");
        // One without a mark is just being made by a network that starts beside this one.
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
                // Another user's, or somebody else is deleting it.
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

    // As an ordinary user, nobody else has to get in.
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

        // Apart from making it: there the umask takes permissions away.
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
