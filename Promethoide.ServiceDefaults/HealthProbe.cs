using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Promethoide.ServiceDefaults;

/// <summary>
/// Checks the health of the service in the same container, as a separate process: an image without a shell has nothing else to do so.
/// </summary>
public static class HealthProbe
{
    /// <summary>The command-line argument that runs the probe and nothing else.</summary>
    public const string Command = "health";

    /// <summary>Queries <c>/health</c> on the local ops port.</summary>
    /// <returns>The exit code: 0 when it answers 200, otherwise 1.</returns>
    public static async Task<int> RunAsync()
    {
        var variable = Environment.GetEnvironmentVariable(OpsPort.Variable);
        if (!ushort.TryParse(variable, out var port))
        {
            await Console.Error.WriteLineAsync($"{OpsPort.Variable} is '{variable}'; it has to be the port to ask for health.");
            return 1;
        }

        // Not an HttpClient: this process starts every few seconds, and finishes sooner without one.
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var stream = client.GetStream();
            await stream.WriteAsync("GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n"u8.ToArray());
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var status = await reader.ReadLineAsync();
            if (status is { } line && line.Split(' ') is [_, "200", ..])
            {
                return 0;
            }

            await Console.Error.WriteLineAsync($"{status} {(await reader.ReadToEndAsync()).Split("\r\n\r\n")[^1]}");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }

        return 1;
    }
}
