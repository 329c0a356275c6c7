using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>Chooses the ports on this machine.</summary>
public static class HostPorts
{
    private const string Auto = "auto";

    // Below the kernel's range for outgoing connections, so that nobody else gets the port between choice and use.
    private const int LowestAuto = 10_000;
    private const int BlockSize = 50;
    private const int Blocks = 400;

    // The AppHost's own, for the Aspire dashboard.
    private static readonly (string Name, string Setting)[] Dashboard =
    [
        ("aspire-dashboard", "ASPNETCORE_URLS"),
        ("aspire-dashboard-otlp", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"),
        ("aspire-resource-service", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"),
    ];

    /// <summary>
    /// Applies <c>--ports auto</c> (any free ports) and <c>--ports apache=8000,rest-api-ops=9000</c>; all other ports keep their defaults.
    /// An endpoint has its resource's name, followed by its own unless it is the resource's first. Call it when the model is complete.
    /// Ports already in use are reported before anything starts.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The option is invalid.</exception>
    public static void ChooseHostPorts(this IDistributedApplicationBuilder builder)
    {
        var endpoints = Of(builder).Where(endpoint => endpoint.Endpoint.Port is not null)
            .ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Endpoint);
        foreach (var word in (builder.Registered<RunOptions>()?.Ports ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .OrderByDescending(word => word == Auto))
        {
            if (word == Auto)
            {
                using var free = builder.FreePorts().GetEnumerator();
                foreach (var endpoint in endpoints.Values)
                {
                    endpoint.Choose(endpoint.IsProxied ? null : free.MoveNext() ? free.Current : null);
                }

                foreach (var (_, setting) in Dashboard)
                {
                    free.MoveNext();
                    builder.ChooseDashboardPort(setting, free.Current);
                }
            }
            else if (word.Split('=') is [var name, var number]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= 65535
                && (endpoints.ContainsKey(name) || Array.Exists(Dashboard, part => part.Name == name)))
            {
                if (endpoints.TryGetValue(name, out var chosen))
                {
                    chosen.Choose(port);
                }
                else
                {
                    builder.ChooseDashboardPort(Array.Find(Dashboard, part => part.Name == name).Setting, port);
                }
            }
            else
            {
                throw new DistributedApplicationException(
                    $"--ports has '{word}'. Write auto, or NAME=PORT with a port from 1 to 65535 and a name of: "
                    + $"{string.Join(", ", endpoints.Keys.Concat(Dashboard.Select(part => part.Name)))}.");
            }
        }

        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            EnsureFree([
                .. endpoints.Select(endpoint => (endpoint.Key, endpoint.Value.Port)),
                .. Dashboard.Select(part => (part.Name, PortOf(builder.Configuration[part.Setting]))),
            ]);
            return Task.CompletedTask;
        });
    }

    /// <summary>Every endpoint, by its name in <c>--ports</c>.</summary>
    internal static IEnumerable<(string Name, EndpointAnnotation Endpoint)> Of(IDistributedApplicationBuilder builder) =>
        builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()
            .Select((endpoint, index) => (index == 0 ? resource.Name : $"{resource.Name}-{endpoint.Name}", endpoint)));

    /// <exception cref="DistributedApplicationException">A port is chosen twice or cannot be listened on; names each such port and its
    /// owner.</exception>
    internal static void EnsureFree(IEnumerable<(string Name, int? Port)> ports)
    {
        var used = ports.Where(port => port.Port is > 0).Select(port => (port.Name, Port: port.Port!.Value)).ToList();
        if (used.GroupBy(port => port.Port).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new DistributedApplicationException(
                $"Port {twice.Key} is chosen for {string.Join(" and ", twice.Select(port => port.Name))}; each needs one of its own "
                + "(--ports NAME=PORT).");
        }

        var busy = used.Select(port => (port.Name, port.Port, Trouble: Trouble(port.Port)))
            .Where(port => port.Trouble is not null)
            .ToList();
        if (busy.Count > 0)
        {
            throw new DistributedApplicationException(
                $"{string.Join("; ", busy.Select(port => $"Port {port.Port} for {port.Name} {port.Trouble}"))}. "
                + $"Free {(busy.Count == 1 ? "it" : "them")}, or choose others: --ports auto, or --ports {busy[0].Name}=NUMBER.");
        }
    }

    private static void ChooseDashboardPort(this IDistributedApplicationBuilder builder, string setting, int port) =>
        builder.Configuration[setting] = new UriBuilder(FirstOf(builder.Configuration[setting]) ?? new Uri("http://localhost"))
        {
            Port = port,
        }.Uri.GetLeftPart(UriPartial.Authority);

    private static int? PortOf(string? addresses) => FirstOf(addresses)?.Port;

    private static Uri? FirstOf(string? addresses) =>
        Uri.TryCreate(addresses?.Split(';')[0], UriKind.Absolute, out var address) ? address : null;

    private static void Choose(this EndpointAnnotation endpoint, int? port)
    {
        endpoint.Port = port;
        if (!endpoint.IsProxied)
        {
            endpoint.TargetPort = port;
        }
    }

    // Several networks may choose at the same time, long before they listen: each takes its own block of ports.
    private static IEnumerable<int> FreePorts(this IDistributedApplicationBuilder builder)
    {
        foreach (var block in Enumerable.Range(0, Blocks).OrderBy(_ => Random.Shared.Next()))
        {
            if (TryTake(block) is { } taken)
            {
                builder.Services.AddSingleton(taken);
                foreach (var port in Enumerable.Range(LowestAuto + block * BlockSize, BlockSize).Where(port => Trouble(port) is null))
                {
                    yield return port;
                }
            }
        }
    }

    // The kernel releases it however this process ends.
    private static FileStream? TryTake(int block)
    {
        try
        {
            return new(
                Path.Combine(Path.GetTempPath(), $"promethoide-ports-{block}"),
                StateFolder.Private(FileMode.OpenOrCreate, FileOptions.DeleteOnClose));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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
