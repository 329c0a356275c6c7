using System.Net;
using System.Net.Sockets;

namespace Promethoide.Tests.Fixtures;

/// <summary>
/// Sits between a client and a server and loses a reply on demand: the server has processed the request, the client only sees the
/// connection break. It can also become a black hole: it accepts connections and data but never replies.
/// </summary>
public sealed class LossyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private CancellationTokenSource _broken = new();
    private volatile bool _blackHole;
    private int _losses;

    /// <param name="target">The server's port on loopback.</param>
    public LossyProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port the client connects to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many replies have been lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Drops the server's next reply, and the connection with it.</summary>
    public void LoseNextReply() => Interlocked.Exchange(ref _losses, 1);

    /// <summary>Silently drops everything from now on, on existing and on new connections.</summary>
    public void Swallow()
    {
        _blackHole = true;
        _broken.Cancel();
    }

    /// <summary>
    /// New connections reach the server again. Existing ones stay silently dead, as behind a firewall that has forgotten them.
    /// </summary>
    public void Restore()
    {
        _broken = new CancellationTokenSource();
        _blackHole = false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // It may be about to accept a connection.
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                var broken = _broken.Token;
                if (!_blackHole)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                    using var end = CancellationTokenSource.CreateLinkedTokenSource(broken, _stop.Token);
                    await Task.WhenAny(
                        client.GetStream().CopyToAsync(server.GetStream(), end.Token),
                        ReplyAsync(server.GetStream(), client.GetStream(), end.Token));
                }

                if (broken.IsCancellationRequested)
                {
                    server.Close();
                    await client.GetStream().CopyToAsync(Stream.Null, _stop.Token);
                }
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
            {
                // One side has closed; closing both notifies the other.
            }
        }
    }

    private async Task ReplyAsync(NetworkStream server, NetworkStream client, CancellationToken end)
    {
        var buffer = new byte[65536];
        int length;
        while ((length = await server.ReadAsync(buffer, end)) > 0)
        {
            if (Interlocked.Exchange(ref _losses, 0) == 1)
            {
                Lost++;
                return;
            }

            await client.WriteAsync(buffer.AsMemory(0, length), end);
        }
    }
}
