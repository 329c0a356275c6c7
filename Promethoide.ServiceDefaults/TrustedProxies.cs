using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Promethoide.ServiceDefaults;

internal static class TrustedProxies
{
    private const string Variable = "TRUSTED_PROXIES";

    /// <summary>
    /// Takes the client address, scheme and path prefix from trusted proxies (Apache) only: loopback, and the addresses or networks in
    /// <c>TRUSTED_PROXIES</c> (<c>172.18.0.0/16,10.0.0.7</c>).
    /// </summary>
    public static void AddTrustedProxies(this IHostApplicationBuilder builder)
    {
        var entries = (builder.Configuration[Variable] ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        builder.Services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedPrefix;
            foreach (var entry in entries)
            {
                if (System.Net.IPNetwork.TryParse(entry, out var network))
                {
                    options.KnownIPNetworks.Add(network);
                }
                else if (IPAddress.TryParse(entry, out var address))
                {
                    options.KnownProxies.Add(address);
                }
                else
                {
                    throw new InvalidOperationException(
                        $"{Variable} has '{entry}'; each entry has to be an address (10.0.0.7) or a network (172.18.0.0/16).");
                }
            }
        });
    }
}
