using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.AppHost;

/// <summary>
/// The folder of what a network keeps on this machine beside volumes: <c>.promethoide/data</c> in the checkout, or a throw-away. One running network owns
/// it, by a lock that the kernel releases however the owner ends. The lock's file marks the folder as Promethoide's: <c>run.sh reset</c> deletes no other.
/// </summary>
internal sealed class StateFolder : IHostedLifecycleService
{
    /// <summary>The environment variable that names another folder; <c>run.sh</c> reads it too.</summary>
    public const string Variable = "PROMETHOIDE_DATA";

    private const string Mark = "promethoide.lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // PostgreSQL has a user of its own when we are root, and passes through to its data.
    private const UnixFileMode OwnerAndPassage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string _checkout;
    private readonly string _home;
    private readonly bool _isChosen;
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
            (true, _) => Path.Combine(_home, "ephemeral", $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"),
            (false, { } folder) => Path.GetFullPath(folder, checkout),
            _ => Path.Combine(_home, "data"),
        };
        if (_isChosen && !IsPassable(Root))
        {
            throw new DistributedApplicationException(
                $"PostgreSQL does not run as root, and its user cannot enter {Root}. Choose a folder that everybody may pass through, such as {Variable}=/var/lib/promethoide.");
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

    /// <summary>A folder that everybody who gets there may write; made when missing.</summary>
    public static void OpenFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            // Apart from making it: there the umask takes permissions away.
            File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        }
    }

    /// <summary>Makes the folder, and takes it, before anything starts.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be used; says why and what to do.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        DeleteAbandoned();
        try
        {
            CreateDirectory(Root, OwnerAndPassage);
            _lock = TryLock(Root) ?? throw new DistributedApplicationException(
                $"Promethoide already runs with the data in {Root}. Stop it (Ctrl-C there, or: dotnet aspire stop), or start another network beside it: --ephemeral --ports auto.");
            ShowInCheckout();
            return Task.CompletedTask;
        }
        catch (UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"{Root} cannot be written by {Environment.UserName}. Give it to that user (sudo chown -R {Environment.UserName} {Root}), choose another folder ({Variable}=DIR), or keep nothing: --ephemeral.");
        }
        catch (IOException e)
        {
            throw new DistributedApplicationException($"{Root} cannot be used: {e.Message} Mend that, or choose another folder: {Variable}=DIR.");
        }
    }

    /// <summary>Lets go of the folder after everything has stopped; a throw-away is deleted.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (_lock is null)
        {
            return Task.CompletedTask;
        }

        File.Delete(Combine(PsqlService.File));
        if (IsEphemeral)
        {
            try
            {
                Directory.Delete(Root, recursive: true);
            }
            catch (IOException)
            {
                // A process is still ending in it: the next start deletes it.
            }
        }

        _lock.Dispose();
        _lock = null;
        return Task.CompletedTask;
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
            : $"/var/lib/promethoide/{Path.GetFileName(checkout)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout)))[..8]}";
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
        foreach (var abandoned in Directory.Exists(folder) ? Directory.GetDirectories(folder).Where(found => File.Exists(Path.Combine(found, Mark))) : [])
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
            return new FileStream(Path.Combine(folder, Mark), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, Mark)))
        {
            return null;
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
        var state = new StateFolder(Path.GetDirectoryName(builder.AppHostDirectory)!, ephemeral, builder.Configuration[StateFolder.Variable] is { Length: > 0 } chosen ? chosen : null);
        builder.Services.AddSingleton(state);
        // Before Aspire's own services, so that it is the first to start and the last to stop.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(state));
    }

    /// <summary>Where the network keeps its state.</summary>
    public static StateFolder State(this IDistributedApplicationBuilder builder) => builder.Registered<StateFolder>()!;
}
