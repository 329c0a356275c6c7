using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Local.Control;

/// <summary>A network that runs, as a second terminal finds it: by <c>network.json</c> in its data folder.</summary>
/// <param name="ProcessId">Its Promethoide.</param>
/// <param name="Socket">Where it listens for requests.</param>
/// <param name="Database">The variables by which libpq's programs reach its database.</param>
internal sealed record RunningNetwork(int ProcessId, string Socket, IReadOnlyDictionary<string, string> Database)
{
    private const string FileName = "network.json";

    // sun_path holds 108 bytes, the closing zero included.
    private const int LongestSocket = 107;

    /// <summary>Finds the network to talk to.</summary>
    /// <param name="data">Its data folder; null: the checkout's, else the only ephemeral one.</param>
    /// <param name="checkout">The checkout.</param>
    /// <exception cref="UserException">None runs, or it is not clear which.</exception>
    public static RunningNetwork Find(string? data, Checkout checkout)
    {
        if (data is not null)
        {
            return Read(Path.GetFullPath(data)) ?? throw new UserException($"No network runs with the data in {Path.GetFullPath(data)}.");
        }

        if (Read(StateFolder.Home(checkout)) is { } own)
        {
            return own;
        }

        var ephemeral = StateFolder.EphemeralFolders(checkout).Select(folder => (Folder: folder, Network: Read(folder))).Where(found => found.Network is not null).ToList();
        return ephemeral switch
        {
            [] => throw new UserException("No network of this checkout runs. Start one with ./run.sh"),
            [var only] => only.Network!,
            _ => throw new UserException($"Several networks run; say which: {string.Join(" or ", ephemeral.Select(found => $"--data {found.Folder}"))}"),
        };
    }

    public static RunningNetwork Announce(StateFolder state, IReadOnlyDictionary<string, string> database)
    {
        var socket = state.Combine("control.sock");
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocket)
        {
            socket = Path.Combine(Directory.CreateTempSubdirectory("promethoide-").FullName, "control.sock");
        }

        File.Delete(socket);
        return new(Environment.ProcessId, socket, database);
    }

    /// <summary>Writes the announcement, readable by its owner only: it holds the database's password.</summary>
    public string Write(StateFolder state)
    {
        var file = state.Combine(FileName);
        File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        JsonSerializer.Serialize(stream, this, ControlJson.Options);
        return file;
    }

    public void DeleteSocket(StateFolder state)
    {
        File.Delete(Socket);
        if (Path.GetDirectoryName(Socket)! is var folder && folder != state.Root)
        {
            Directory.Delete(folder);
        }
    }

    public async Task<IReadOnlyList<ComponentStatus>> TableAsync(CancellationToken cancellationToken)
    {
        using var client = Client();
        return (await client.GetFromJsonAsync<List<ComponentStatus>>("/components", ControlJson.Options, cancellationToken))!;
    }

    /// <exception cref="UserException">It was refused, or takes too long.</exception>
    public async Task SteerAsync(string name, string action, CancellationToken cancellationToken)
    {
        using var client = Client();
        try
        {
            using var response = await client.PostAsync($"/components/{Uri.EscapeDataString(name)}/{action}", content: null, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new UserException(await response.Content.ReadAsStringAsync(cancellationToken));
            }
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UserException($"{name} has not answered the {action} for {client.Timeout.TotalMinutes:0} minutes; what it waits for: ./run.sh status");
        }
        catch (HttpRequestException e)
        {
            throw new UserException($"The network ended meanwhile: {e.Message}");
        }
    }

    private static RunningNetwork? Read(string folder)
    {
        try
        {
            var network = JsonSerializer.Deserialize<RunningNetwork>(File.ReadAllText(Path.Combine(folder, FileName)), ControlJson.Options);
            return network is not null && network.Answers() ? network : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            throw new UserException($"The network in {folder} belongs to another user.");
        }
    }

    // The announcement of a killed Promethoide stays behind; nobody listens then.
    private bool Answers()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private HttpClient Client() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new("http://promethoide"),
        // Starting a component may take its whole time limit.
        Timeout = TimeSpan.FromMinutes(2),
    };
}
