using System.Net;
using System.Net.Sockets;

namespace Promethoide.Web.RestApi;

/// <summary>
/// Connections to a name with several addresses, one for each replica. The platform tries them in the resolver's order, which is always the
/// same: every desk would call the first.
/// </summary>
internal static class Replicas
{
    /// <summary>Connects to any of the addresses, and to the next if one refuses.</summary>
    /// <exception cref="SocketException">There is no address, or none accepts a connection.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        Random.Shared.Shuffle(addresses);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
