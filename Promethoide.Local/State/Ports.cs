using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Promethoide.Local.State;

/// <summary>The ports that the network listens on, all on loopback.</summary>
internal sealed class Ports
{
    private const int LowestAuto = 10_000;

    // Below the kernel's range for outgoing connections: between choice and use nobody else is handed the port.
    private const int HighestAuto = 32_000;

    private static readonly Dictionary<string, int> Defaults = new()
    {
        ["postgres"] = 5432,
        ["rest-api"] = 5001,
        ["rest-api-ops"] = 9464,
        ["web"] = 5002,
        ["web-ops"] = 9465,
        ["apache"] = 8080,
        ["apache-status"] = 8081,
        ["smoke"] = 9466,
        ["node-exporter"] = 9100,
        ["apache-exporter"] = 9117,
        ["postgres-exporter"] = 9187,
        ["blackbox-exporter"] = 9115,
        ["pushgateway"] = 9091,
        ["prometheus"] = 9090,
        ["grafana"] = 3000,
        ["aspire-dashboard"] = 18888,
        ["aspire-dashboard-otlp"] = 18889,
        ["aspire-dashboard-otlp-http"] = 18890,
    };

    private readonly Dictionary<string, int> _chosen;

    private Ports(Dictionary<string, int> chosen) => _chosen = chosen;

    public static IEnumerable<string> Names => Defaults.Keys;

    public int this[string name] => _chosen[name];

    /// <summary>Reads <c>auto</c> and <c>NAME=PORT</c>, separated by commas; the rest keeps its default.</summary>
    /// <param name="choice">The option's text; null for all defaults.</param>
    /// <param name="postgres">PostgreSQL's port from the settings, weaker than <paramref name="choice"/>.</param>
    /// <exception cref="UserException">The text cannot be understood.</exception>
    public static Ports Choose(string? choice, int? postgres)
    {
        var words = (choice ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var chosen = words.Contains("auto") ? FreePorts() : new Dictionary<string, int>(Defaults) { ["postgres"] = postgres ?? Defaults["postgres"] };

        foreach (var word in words.Where(word => word != "auto"))
        {
            if (word.Split('=') is not [var name, var number]
                || !Defaults.ContainsKey(name)
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                || port is < 1 or > 65535)
            {
                throw new UserException($"--ports has '{word}'. Write auto, or NAME=PORT with a port from 1 to 65535 and a name of: {string.Join(", ", Names)}.");
            }

            chosen[name] = port;
        }

        return new(chosen);
    }

    /// <summary>Fails when one of the ports cannot be listened on, or two are the same.</summary>
    /// <param name="names">Those that will be used.</param>
    /// <exception cref="UserException">Names each such port, and who has it.</exception>
    public void EnsureFree(IEnumerable<string> names)
    {
        var used = names.ToList();
        if (used.GroupBy(name => _chosen[name]).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserException($"Port {twice.Key} is chosen for {string.Join(" and ", twice)}; each needs one of its own (--ports NAME=PORT).");
        }

        var busy = used
            .Select(name => (Name: name, Port: _chosen[name], Trouble: Trouble(_chosen[name])))
            .Where(port => port.Trouble is not null)
            .ToList();
        if (busy.Count > 0)
        {
            throw new UserException(
                $"{string.Join("; ", busy.Select(port => $"port {port.Port} for {port.Name} {port.Trouble}"))}. "
                + $"Free what is busy, or choose others: --ports auto, or --ports {busy[0].Name}=NUMBER.");
        }
    }

    private static Dictionary<string, int> FreePorts()
    {
        var taken = new HashSet<int>();
        return Defaults.Keys.ToDictionary(name => name, _ =>
        {
            while (true)
            {
                var port = Random.Shared.Next(LowestAuto, HighestAuto);
                if (Trouble(port) is null && taken.Add(port))
                {
                    return port;
                }
            }
        });
    }

    private static string? Trouble(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return $"is in use{PortOwner.Describe(port)}";
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied)
        {
            return "may not be used by an ordinary user";
        }
    }
}
