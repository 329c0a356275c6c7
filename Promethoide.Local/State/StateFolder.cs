using System.Security.Cryptography;
using System.Text;

namespace Promethoide.Local.State;

/// <summary>
/// The folder that holds what a network keeps (data, secrets) and leaves (logs, process records). One running Promethoide owns it, by a lock that
/// the kernel releases however the owner ends.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private const string LockFile = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // PostgreSQL has a user of its own when we are root, and passes through to its data.
    private const UnixFileMode OwnerAndPassage = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private StateFolder(string root, bool isEphemeral, FileStream @lock) => (Root, IsEphemeral, _lock) = (root, isEphemeral, @lock);

    public string Root { get; }

    /// <summary>True when the folder goes with the network.</summary>
    public bool IsEphemeral { get; }

    public string Processes => Path.Combine(Root, "processes");

    /// <summary>Opens the folder of a network that keeps its state.</summary>
    /// <param name="data">The folder asked for; null for the checkout's own.</param>
    /// <param name="checkout">The checkout.</param>
    /// <exception cref="UserException">It cannot be used; says why and what to do.</exception>
    public static StateFolder Open(string? data, Checkout checkout)
    {
        if (data is not null)
        {
            var folder = Path.GetFullPath(data);
            return IsPassable(folder)
                ? Open(folder, isEphemeral: false)
                : throw new UserException($"PostgreSQL does not run as root, and its user cannot enter {folder}. Choose a folder that everybody may pass through, such as --data /var/lib/promethoide.");
        }

        var home = Home(checkout);
        var visible = Visible(checkout);
        var state = Open(home, isEphemeral: false);
        if (home != visible && !Path.Exists(visible))
        {
            File.CreateSymbolicLink(visible, home);
        }

        return state;
    }

    /// <summary>Deletes the folder of a network that does not run, and returns its name.</summary>
    public static string Delete(string? data, Checkout checkout)
    {
        var folder = data is null ? Home(checkout) : Path.GetFullPath(data);
        if (!File.Exists(Path.Combine(folder, LockFile)))
        {
            throw new UserException($"There is nothing to delete: {folder} is not the data folder of a network.");
        }

        using (Open(folder, isEphemeral: false))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (data is null && new FileInfo(Visible(checkout)).LinkTarget is not null)
        {
            File.Delete(Visible(checkout));
        }

        return folder;
    }

    /// <summary>Opens a folder that is deleted on disposal, beside those of other ephemeral networks of this checkout.</summary>
    public static StateFolder OpenEphemeral(Checkout checkout) =>
        Open(Path.Combine(EphemeralParent(checkout), $"{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}"), isEphemeral: true);

    /// <summary>Opens those ephemeral folders whose owner was killed, to be cleaned up by disposal.</summary>
    public static IEnumerable<StateFolder> OpenAbandoned(Checkout checkout)
    {
        foreach (var folder in EphemeralFolders(checkout))
        {
            if (TryLock(folder) is { } @lock)
            {
                yield return new(folder, isEphemeral: true, @lock);
            }
        }
    }

    public static IEnumerable<string> EphemeralFolders(Checkout checkout) =>
        Directory.Exists(EphemeralParent(checkout)) ? Directory.GetDirectories(EphemeralParent(checkout)) : [];

    /// <summary>
    /// <c>.promethoide</c> in the checkout; where root's checkout lies in a folder that PostgreSQL's user cannot enter (<c>/root</c>),
    /// a folder under <c>/var/lib</c> to which that name then leads.
    /// </summary>
    public static string Home(Checkout checkout)
    {
        var visible = Visible(checkout);
        if (IsPassable(visible))
        {
            return visible;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(checkout.Root)))[..8];
        return $"/var/lib/promethoide/{Path.GetFileName(checkout.Root)}-{hash}";
    }

    public static string Visible(Checkout checkout) => Path.Combine(checkout.Root, ".promethoide");

    /// <summary>Where something of the network lies.</summary>
    public string Combine(params ReadOnlySpan<string> path) => Path.Combine(Root, Path.Combine(path));

    /// <summary>A folder inside that only its owner may enter; made when missing.</summary>
    public string PrivateFolder(string name) => Directory.CreateDirectory(Combine(name), OwnerOnly).FullName;

    public string Log(string component) => Combine("logs", $"{component}.log");

    public string ProcessRecord(string component) => Path.Combine(Processes, component);

    public void Dispose()
    {
        if (IsEphemeral && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }

        _lock.Dispose();
        if (IsEphemeral)
        {
            DeleteWhileEmpty(Path.GetDirectoryName(Root)!, levels: 2);
        }
    }

    private static string EphemeralParent(Checkout checkout) => Path.Combine(Home(checkout), "ephemeral");

    private static StateFolder Open(string folder, bool isEphemeral)
    {
        try
        {
            Directory.CreateDirectory(folder, OwnerAndPassage);
            var @lock = TryLock(folder) ?? throw new UserException(
                $"Promethoide already runs with the data in {folder}. Stop it there (Ctrl-C), or start another network with --ephemeral --ports auto.");
            var state = new StateFolder(folder, isEphemeral, @lock);
            state.PrivateFolder("logs");
            state.PrivateFolder("processes");
            return state;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserException($"{folder} cannot be written by {Environment.UserName}. Give it to that user, or choose another folder with --data DIR.");
        }
        catch (IOException e)
        {
            throw new UserException($"{folder} cannot be used: {e.Message} Choose another folder with --data DIR.");
        }
    }

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, LockFile)))
        {
            return null;
        }
    }

    private static bool IsPassable(string folder)
    {
        if (!Environment.IsPrivilegedProcess)
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

    private static void DeleteWhileEmpty(string folder, int levels)
    {
        for (; levels > 0 && Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any(); levels--)
        {
            Directory.Delete(folder);
            folder = Path.GetDirectoryName(folder)!;
        }
    }
}
