using System.Globalization;

namespace Promethoide.AppHost;

/// <summary>The choice of the ports on this machine.</summary>
public static class HostPorts
{
    /// <summary>
    /// Carries out <c>--ports auto</c> (any free ports) and <c>--ports apache=8000,rest-api-ops=9000</c>, as Promethoide.Local does; the rest keeps
    /// its default. An endpoint is called after its resource, and after itself unless it is the resource's first. Call it when the model is complete.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The choice cannot be understood.</exception>
    public static void ChooseHostPorts(this IDistributedApplicationBuilder builder)
    {
        if (builder.Configuration["ports"] is not { } choice)
        {
            return;
        }

        var endpoints = Of(builder).Where(endpoint => endpoint.Endpoint.Port is not null).ToDictionary(endpoint => endpoint.Name, endpoint => endpoint.Endpoint);

        foreach (var word in choice.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).OrderByDescending(word => word == "auto"))
        {
            if (word == "auto")
            {
                foreach (var endpoint in endpoints.Values)
                {
                    endpoint.Port = null;
                }
            }
            else if (word.Split('=') is [var name, var number]
                && endpoints.TryGetValue(name, out var chosen)
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port is > 0 and <= 65535)
            {
                chosen.Port = port;
            }
            else
            {
                throw new DistributedApplicationException(
                    $"--ports has '{word}'. Write auto, or NAME=PORT with a port from 1 to 65535 and a name of: {string.Join(", ", endpoints.Keys)}.");
            }
        }
    }

    /// <summary>Every endpoint, by the name that <c>--ports</c> knows it by.</summary>
    internal static IEnumerable<(string Name, EndpointAnnotation Endpoint)> Of(IDistributedApplicationBuilder builder) =>
        builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()
            .Select((endpoint, index) => (index == 0 ? resource.Name : $"{resource.Name}-{endpoint.Name}", endpoint)));
}
